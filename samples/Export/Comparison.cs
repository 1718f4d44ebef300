using Microsoft.ML.DetClip;

namespace Export;

/// <summary>How far the detections of two forms of a detector lie apart.</summary>
internal static class Comparison
{
    /// <summary>Pairs each detection of the first with the nearest of the same name in the second.</summary>
    public static void Print(IReadOnlyList<DetectionList> first, IReadOnlyList<DetectionList> second)
    {
        var pairs = first.Zip(second).SelectMany(image => image.First.Select(d => (Detection: d, Other: Nearest(d, image.Second)))).ToArray();
        if (pairs.Length == 0) return;
        var met = pairs.Where(p => p.Other is not null).ToArray();
        var (score, overlap) = (met.Max(p => Math.Abs(p.Detection.Score - p.Other!.Score)), met.Min(p => p.Detection.Box.IoU(p.Other!.Box)));
        Console.WriteLine($"   {first.Count} images, {pairs.Length} detections, {met.Length} of them in both; largest difference of a score {score:0.0e0}, least overlap of their boxes {overlap:f4}");
    }

    private static Detection? Nearest(Detection detection, DetectionList others) => others
        .Where(o => o.Label == detection.Label && o.Box.IoU(detection.Box) > 0.5f)
        .MaxBy(o => (o.Box.IoU(detection.Box), -Math.Abs(o.Score - detection.Score))); // at an edge of the image, several boxes may be cut to one
}
