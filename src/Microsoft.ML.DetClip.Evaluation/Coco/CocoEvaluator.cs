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
        options ??= new();
        var images = Positions(groundTruth.ImageIds.Distinct());
        CocoInput.Check(groundTruth, detections, images);
        var categories = Select(groundTruth.Categories, options);
        var grouping = new BoxGrouping(
            images, Positions(categories.Select(c => c.Id)), [.. groundTruth.Boxes], [.. detections], options.ClassAgnostic, MaxDetections);
        return CocoSummary.Summarize(MatchGroups(grouping), options.ClassAgnostic ? [] : categories);
    }

    private static CategoryCurves[] MatchGroups(BoxGrouping grouping)
    {
        var curves = new CategoryCurves[grouping.Count];
        Parallel.For(0, grouping.Count,
            () => (Matcher: new ImageMatcher(EvaluationGrid.IouThresholds, AreaRange.Coco), PrecisionRecall: new PrecisionRecall()),
            (group, _, scratch) =>
            {
                var table = scratch.Matcher.Match(grouping[group]);
                curves[group] = CategoryCurves.Compute(table, scratch.PrecisionRecall, MaxDetections);
                return scratch;
            },
            _ => { });
        return curves;
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

    private static Dictionary<T, int> Positions<T>(IEnumerable<T> ids) where T : notnull =>
        ids.Order().Select((id, position) => (id, position)).ToDictionary(pair => pair.id, pair => pair.position);
}
