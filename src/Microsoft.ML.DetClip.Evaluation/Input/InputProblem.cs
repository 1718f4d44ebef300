namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What no official code would give a meaningful number for.</summary>
/// <param name="Text">A sentence that names the record.</param>
/// <param name="IsInDetections">Where: in the detections, or else in the ground truth.</param>
internal sealed record InputProblem(string Text, bool IsInDetections)
{
    /// <summary>The first problem of a data set's boxes and categories; null when there is none.</summary>
    public static InputProblem? Find(
        IEnumerable<int> categoryIds, IReadOnlyList<GroundTruthBox> boxes, IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images) =>
        InTruth(Repeated(categoryIds.Select(id => (long)id), "category id"))
        ?? InTruth(Repeated(boxes.Select(box => box.Id), "annotation id"))
        ?? InTruth(InBoxes(boxes))
        ?? InDetections(detections, images);

    /// <summary>Throws the problem, when there is one, for the parameter it is in.</summary>
    public static void Throw(InputProblem? problem, string groundTruth, string detections)
    {
        if (problem is not null) throw new ArgumentException(problem.Text, problem.IsInDetections ? detections : groundTruth);
    }

    /// <summary>Throws the problem, when there is one, with the file it is in.</summary>
    public static void ThrowInFile(InputProblem? problem, string groundTruthPath, string detectionsPath)
    {
        if (problem is not null) throw new InvalidDataException($"'{(problem.IsInDetections ? detectionsPath : groundTruthPath)}': {problem.Text}");
    }

    private static InputProblem? InTruth(string? text) => text is null ? null : new(text, IsInDetections: false);

    private static string? Repeated(IEnumerable<long> ids, string what)
    {
        var seen = new HashSet<long>();
        foreach (var id in ids)
            if (!seen.Add(id)) return $"The {what} {id} occurs twice in the ground truth.";
        return null;
    }

    private static string? InBoxes(IReadOnlyList<GroundTruthBox> boxes)
    {
        foreach (var box in boxes)
            if (!IsFinite(box.X, box.Y, box.Width, box.Height) || !double.IsFinite(box.Area))
                return $"Annotation {box.Id} has a coordinate or area that is not a finite number.";
        return null;
    }

    private static InputProblem? InDetections(IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images)
    {
        for (var i = 0; i < detections.Count; i++)
        {
            var detection = detections[i];
            if (!images.ContainsKey(detection.ImageId))
                return new($"Detection {i} is on image {detection.ImageId}, which the ground truth does not have.", IsInDetections: true);
            if (!IsFinite(detection.X, detection.Y, detection.Width, detection.Height) || double.IsNaN(detection.Score))
                return new($"Detection {i} (image {detection.ImageId}) has a coordinate or score that is not a number.", IsInDetections: true);
        }
        return null;
    }

    private static bool IsFinite(double x, double y, double width, double height) =>
        double.IsFinite(x) && double.IsFinite(y) && double.IsFinite(width) && double.IsFinite(height);
}
