namespace Microsoft.ML.DetClip.Tests;

internal sealed class PathRow
{
    public string Image { get; set; } = "";

    public int Id { get; set; }
}

internal sealed class BytesRow
{
    public byte[] Image { get; set; } = [];
}

internal sealed class LabelledRow
{
    public string Image { get; set; } = "";

    public string[] Classes { get; set; } = [];
}

internal sealed class FoundRow
{
    public string[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];

    public float[] PredictedBoundingBoxes { get; set; } = [];

    [Detections]
    public DetectionList Detections { get; set; } = DetectionList.Empty;
}
