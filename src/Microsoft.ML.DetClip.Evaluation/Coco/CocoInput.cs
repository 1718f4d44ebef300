namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Refuses what no official code would give a meaningful number for.</summary>
internal static class CocoInput
{
    /// <exception cref="ArgumentException">Names the first record that is wrong.</exception>
    public static void Check(DetectionGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images)
    {
        CheckUnique(groundTruth.Categories.Select(c => (long)c.Id), "category id", nameof(groundTruth));
        CheckUnique(groundTruth.Boxes.Select(b => b.Id), "annotation id", nameof(groundTruth));
        foreach (var box in groundTruth.Boxes)
            if (!IsFinite(box.X, box.Y, box.Width, box.Height) || !double.IsFinite(box.Area))
                throw new ArgumentException($"Annotation {box.Id} has a coordinate or area that is not a finite number.", nameof(groundTruth));
        for (var i = 0; i < detections.Count; i++)
        {
            var detection = detections[i];
            if (!images.ContainsKey(detection.ImageId))
                throw new ArgumentException($"Detection {i} is on image {detection.ImageId}, which the ground truth does not have.", nameof(detections));
            if (!IsFinite(detection.X, detection.Y, detection.Width, detection.Height) || double.IsNaN(detection.Score))
                throw new ArgumentException($"Detection {i} (image {detection.ImageId}) has a coordinate or score that is not a number.", nameof(detections));
        }
    }

    private static void CheckUnique(IEnumerable<long> ids, string what, string parameter)
    {
        var seen = new HashSet<long>();
        foreach (var id in ids)
            if (!seen.Add(id)) throw new ArgumentException($"The {what} {id} occurs twice in the ground truth.", parameter);
    }

    private static bool IsFinite(double x, double y, double width, double height) => double.IsFinite(x + y + width + height);
}
