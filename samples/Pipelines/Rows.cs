using Microsoft.ML.DetClip;

namespace Pipelines;

/// <summary>What is known of a photo before anybody looks at it.</summary>
internal class Photo
{
    public string ImagePath { get; set; } = "";

    public string Camera { get; set; } = "";

    /// <summary>The images of a folder, taken by two cameras in turn.</summary>
    public static IEnumerable<Photo> AllIn(string folder) => Directory.GetFiles(folder).Order(StringComparer.Ordinal)
        .Select((path, i) => new Photo { ImagePath = path, Camera = i % 2 == 0 ? "north" : "south" });
}

/// <summary>What the detector adds.</summary>
internal sealed class Detected
{
    [Detections]
    public DetectionList Detections { get; set; } = DetectionList.Empty;
}

/// <summary>What the second step of the pipeline adds.</summary>
internal class Kept
{
    private const float LeastArea = 900;

    [Detections]
    public DetectionList KeptDetections { get; set; } = DetectionList.Empty;

    public int ObjectCount { get; set; }

    /// <summary>Keeps objects of 900 square pixels and more.</summary>
    public static void Large(Detected input, Kept output)
    {
        output.KeptDetections = new([.. input.Detections.Where(d => d.Box.Area >= LeastArea)]);
        output.ObjectCount = output.KeptDetections.Count;
    }
}

/// <summary>A photo with what was kept on it: columns of the beginning and of the end.</summary>
internal sealed class KeptPhoto : Photo
{
    [Detections]
    public DetectionList KeptDetections { get; set; } = DetectionList.Empty;
}

/// <summary>One object on one photo.</summary>
internal sealed class FoundObject
{
    public string Photo { get; set; } = "";

    public string Camera { get; set; } = "";

    public string Label { get; set; } = "";

    public float Score { get; set; }

    public float Area { get; set; }

    public static IEnumerable<FoundObject> AllOn(KeptPhoto photo) => photo.KeptDetections.Select(d => new FoundObject
    {
        Photo = Path.GetFileName(photo.ImagePath), Camera = photo.Camera, Label = d.Label, Score = d.Score, Area = d.Box.Area,
    });
}
