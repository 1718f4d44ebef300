namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A row of training data of any kind, as columns of ML.NET.</summary>
internal sealed class SourceRow
{
    public long ImageId { get; set; }

    public string ImagePath { get; set; } = "";

    public string[] Labels { get; set; } = [];

    public float[] BoundingBoxes { get; set; } = [];

    public bool[] IsCrowd { get; set; } = [];

    public string Caption { get; set; } = "";

    /// <summary>"detection", "grounding" or "pairs": an image without boxes is no pair where its data set has boxes.</summary>
    public string Kind { get; set; } = "";

    public static SourceRow From(DatasetSample sample) => new()
    {
        ImageId = sample.ImageId, ImagePath = PathOf(sample), Labels = [.. sample.Labels], BoundingBoxes = Corners(sample.Boxes), IsCrowd = [.. sample.IsCrowd],
        Caption = sample.Caption, Kind = sample.Kind.ToString().ToLowerInvariant(),
    };

    private static string PathOf(DatasetSample sample) => sample.ImageBytes.IsEmpty ? sample.ImagePath
        : throw new InvalidDataException($"'{sample.ImagePath}' is inside a file of many images; images=FOLDER says where to unpack them.");

    private static float[] Corners(IReadOnlyList<Box> boxes) => [.. boxes.SelectMany(box => (float[])[box.X0, box.Y0, box.X1, box.Y1])];
}
