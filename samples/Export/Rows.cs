using Microsoft.ML.DetClip;

namespace Export;

/// <summary>A row in: the path of an image.</summary>
internal sealed class Picture
{
    public string Image { get; set; } = "";
}

/// <summary>A row out.</summary>
internal sealed class Found
{
    [Detections]
    public DetectionList Detections { get; set; } = DetectionList.Empty;
}
