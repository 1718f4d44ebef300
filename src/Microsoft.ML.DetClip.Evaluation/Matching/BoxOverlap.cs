namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Intersection over union in double precision, as the COCO mask API computes it: operation by operation, so that equal overlaps stay equal.</summary>
internal static class BoxOverlap
{
    /// <summary>0 to 1. The share of the detection that lies inside, when the truth is a crowd.</summary>
    public static double IoU(in DetectionResult detection, in GroundTruthBox truth)
    {
        var width = Math.Min(detection.Width + detection.X, truth.Width + truth.X) - Math.Max(detection.X, truth.X);
        if (width <= 0) return 0;
        var height = Math.Min(detection.Height + detection.Y, truth.Height + truth.Y) - Math.Max(detection.Y, truth.Y);
        if (height <= 0) return 0;
        var intersection = width * height;
        var area = detection.Width * detection.Height;
        return intersection / (truth.IsCrowd ? area : area + truth.Width * truth.Height - intersection);
    }
}
