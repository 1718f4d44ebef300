namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>A row of training data as a user would have it: an encoded image, labels and boxes.</summary>
internal sealed class SampleRow
{
    public byte[] Image { get; set; } = [];

    public string[] Labels { get; set; } = [];

    public float[] BoundingBoxes { get; set; } = [];

    /// <summary>The row of a sample.</summary>
    public static SampleRow Of(TrainingSample sample) => new()
    {
        Image = sample.Image.Encoded?.ToArray() ?? File.ReadAllBytes(sample.Image.Name),
        Labels = [.. sample.Concepts.Select(c => c.Name)],
        BoundingBoxes = [.. sample.Boxes.SelectMany(b => new[] { b.X0, b.Y0, b.X1, b.Y1 })],
    };
}
