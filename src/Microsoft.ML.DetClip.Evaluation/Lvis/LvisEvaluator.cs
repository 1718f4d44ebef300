namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>LVIS's box metrics, equal to lvis-api (LVISEval, iou_type "bbox") to 1e-12; and fixed AP.</summary>
/// <remarks>
/// Rules that surprise: detections of a category that was not looked for on an image do not count; the limits are applied before, so such detections use up
/// places, as do those without area or of unknown categories; an object whose annotation id is 0 can never be found; there are no crowds.
/// One difference: an empty list of detections is an error in the official code, and gives zeros here.
/// Gupta et al. 2019, "LVIS: A Dataset for Large Vocabulary Instance Segmentation".
/// </remarks>
public static class LvisEvaluator
{
    /// <summary>Measures detections against the truth.</summary>
    /// <param name="groundTruth">What is on the images.</param>
    /// <param name="detections">What was found, in any order; of equal scores, the earlier counts first. Those of unknown categories are left out.</param>
    /// <param name="options">Null for the official numbers; <see cref="LvisEvaluatorOptions.FixedAP"/> for fixed AP.</param>
    /// <exception cref="ArgumentException">A detection is on an unknown image or not finite, an id occurs twice, or a limit is not positive.</exception>
    public static LvisMetrics Evaluate(LvisGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, LvisEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(detections);
        options = (options ?? new()).Checked();
        var images = Positions.Of(groundTruth.Images.Select(image => image.Id));
        InputProblem.Throw(Problem(groundTruth, detections, images), nameof(groundTruth), nameof(detections));
        return Measure(groundTruth, detections as DetectionResult[] ?? [.. detections], images, options);
    }

    /// <summary>Measures a results file against an annotation file; see <see cref="LvisFiles"/> and <see cref="CocoFiles"/>.</summary>
    /// <param name="groundTruthPath">The annotations.</param>
    /// <param name="detectionsPath">The results.</param>
    /// <param name="options">Null for the official numbers; <see cref="LvisEvaluatorOptions.FixedAP"/> for fixed AP.</param>
    /// <exception cref="InvalidDataException">A file is damaged or does not fit the other; the message names file and record.</exception>
    /// <exception cref="ArgumentException">A limit is not positive.</exception>
    public static LvisMetrics EvaluateFiles(string groundTruthPath, string detectionsPath, LvisEvaluatorOptions? options = null)
    {
        options = (options ?? new()).Checked();
        var groundTruth = LvisFiles.ReadGroundTruth(groundTruthPath);
        var detections = CocoFiles.ReadResults(detectionsPath);
        var images = Positions.Of(groundTruth.Images.Select(image => image.Id));
        InputProblem.ThrowInFile(Problem(groundTruth, detections, images), groundTruthPath, detectionsPath);
        return Measure(groundTruth, (DetectionResult[])detections, images, options);
    }

    private static InputProblem? Problem(LvisGroundTruth groundTruth, IReadOnlyList<DetectionResult> detections, Dictionary<long, int> images) =>
        InputProblem.Find(groundTruth.Categories.Select(c => c.Id), groundTruth.Boxes, detections, images);

    private static LvisMetrics Measure(
        LvisGroundTruth groundTruth, DetectionResult[] detections, Dictionary<long, int> images, LvisEvaluatorOptions options)
    {
        if (options.MaxDetectionsPerCategory is { } ofCategory) detections = DetectionLimit.Best(detections, d => d.CategoryId, ofCategory);
        if (options.MaxDetectionsPerImage is { } ofImage) detections = DetectionLimit.Best(detections, d => d.ImageId, ofImage);
        var categories = Positions.Of(groundTruth.Categories.Select(c => c.Id));
        var rules = new FederatedRules(groundTruth, images, categories);
        var grouping = new BoxGrouping(images, categories, rules.Truths, rules.Select(detections), partlyAnnotated: rules.PartlyAnnotated);
        var curves = CategoryCurves.OfAll(grouping, [], options.Pooled);
        return LvisSummary.Summarize(curves, [.. groundTruth.Categories.OrderBy(c => c.Id)], options);
    }
}
