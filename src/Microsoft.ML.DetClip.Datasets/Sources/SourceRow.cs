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

    public static SourceRow From(DetectionSample sample) => new()
    {
        ImageId = sample.ImageId, ImagePath = sample.ImagePath, Labels = [.. sample.Labels], BoundingBoxes = Corners(sample.Boxes), IsCrowd = [.. sample.IsCrowd],
        Kind = "detection",
    };

    public static SourceRow From(CaptionSample sample) => new()
    {
        ImageId = sample.ImageId, ImagePath = sample.ImagePath, Labels = [.. sample.Phrases], BoundingBoxes = Corners(sample.Boxes), IsCrowd = new bool[sample.Boxes.Count],
        Caption = sample.Caption, Kind = sample.Boxes.Count > 0 ? "grounding" : "pairs",
    };

    private static float[] Corners(IReadOnlyList<Box> boxes) => [.. boxes.SelectMany(box => (float[])[box.X0, box.Y0, box.X1, box.Y1])];
}
