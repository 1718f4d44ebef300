namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's box metrics, equal to pycocotools (COCOeval, iouType "bbox") to 1e-12.</summary>
/// <remarks>
/// Rules that surprise: at most 100 detections of each image and category count; equal IoU goes to the later object; size is that of the annotated area,
/// not the box;
/// crowds match many detections, which then do not count; an object whose annotation id is 0 can never be found.
/// One difference: an empty list of detections is an error there, and gives zeros here.
/// Lin et al. 2014, and cocodataset.org, "Detection Evaluation".
/// </remarks>
public static class CocoEvaluator
{
    private const int MaxDetections = 100;

    /// <summary>Measures detections against the truth.</summary>
    /// <param name="groundTruth">What is on the images.</param>
    /// <param name="detections">What was found, in any order; of equal scores, the earlier counts first. Those of unknown categories are left out.</param>
    /// <param name="options">Null for the official numbers.</param>
    /// <exception cref="ArgumentException">A detection is on an unknown image or not finite, an id occurs twice, or an option names an unknown
    /// category.</exception>
    public static CocoMetrics Evaluate(DetectionGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, CocoEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(detections);
        var images = Positions.Of(groundTruth.ImageIds);
        InputProblem.Throw(Problem(groundTruth, detections, images), nameof(groundTruth), nameof(detections));
        return Measure(groundTruth, detections, images, options ?? new());
    }

    /// <summary>Measures a results file against an annotation file; see <see cref="CocoFiles"/>.</summary>
    /// <param name="groundTruthPath">The annotations.</param>
    /// <param name="detectionsPath">The results.</param>
    /// <param name="options">Null for the official numbers.</param>
    /// <exception cref="InvalidDataException">A file is damaged or does not fit the other; the message names file and record.</exception>
    /// <exception cref="ArgumentException">An option names an unknown category.</exception>
    public static CocoMetrics EvaluateFiles(string groundTruthPath, string detectionsPath, CocoEvaluatorOptions? options = null)
    {
        var groundTruth = CocoFiles.ReadGroundTruth(groundTruthPath);
        var detections = CocoFiles.ReadResults(detectionsPath);
        var images = Positions.Of(groundTruth.ImageIds);
        InputProblem.ThrowInFile(Problem(groundTruth, detections, images), groundTruthPath, detectionsPath);
        return Measure(groundTruth, detections, images, options ?? new());
    }

    private static InputProblem? Problem(DetectionGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images) =>
        InputProblem.Find(groundTruth.Categories.Select(c => c.Id), groundTruth.Boxes, detections, images);

    private static CocoMetrics Measure(
        DetectionGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images, CocoEvaluatorOptions options)
    {
        var categories = Select(groundTruth.Categories, options);
        GroundTruthBox[] truths = [.. groundTruth.Boxes.Select(box => box with { IsIgnored = false })];
        var grouping = new BoxGrouping(
            images, Positions.Of(categories.Select(c => c.Id)), truths, detections as DetectionResult[] ?? [.. detections], options.ClassAgnostic, MaxDetections);
        var curves = CategoryCurves.OfAll(grouping, CocoSummary.RecallLimits, options.Pooled);
        return CocoSummary.Summarize(curves, options.ClassAgnostic ? [] : categories, options.Pooled);
    }

    private static GroundTruthCategory[] Select(IReadOnlyList<GroundTruthCategory> all, CocoEvaluatorOptions options)
    {
        var wanted = options.CategoryIds;
        var unknown = wanted?.Except(all.Select(c => c.Id)).ToArray() ?? [];
        if (unknown.Length > 0)
            throw new ArgumentException($"CategoryIds names {string.Join(", ", unknown)}, which the ground truth does not have.", nameof(options));
        var chosen = wanted?.ToHashSet();
        return [.. all.Where(c => chosen?.Contains(c.Id) ?? true).OrderBy(c => c.Id)];
    }
}
