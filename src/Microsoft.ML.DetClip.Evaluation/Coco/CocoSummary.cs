namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages the curves of all categories to COCO's metrics. What has nothing to find takes no part; where nothing is left the metric is −1.</summary>
internal static class CocoSummary
{
    private const int Iou50 = 0, Iou75 = 5;
    private const double Nothing = -1;

    public static CocoMetrics Summarize(CategoryCurves[] curves, IReadOnlyList<GroundTruthCategory> categories) => new()
    {
        AP = Mean(curves, c => c.AP[AreaRange.All]),
        AP50 = MeanAt(curves, c => c.AP[AreaRange.All], Iou50),
        AP75 = MeanAt(curves, c => c.AP[AreaRange.All], Iou75),
        APSmall = Mean(curves, c => c.AP[AreaRange.Small]),
        APMedium = Mean(curves, c => c.AP[AreaRange.Medium]),
        APLarge = Mean(curves, c => c.AP[AreaRange.Large]),
        AR1 = Mean(curves, c => c.RecallAt1),
        AR10 = Mean(curves, c => c.RecallAt10),
        AR100 = Mean(curves, c => c.Recall[AreaRange.All]),
        ARSmall = Mean(curves, c => c.Recall[AreaRange.Small]),
        ARMedium = Mean(curves, c => c.Recall[AreaRange.Medium]),
        ARLarge = Mean(curves, c => c.Recall[AreaRange.Large]),
        APByIou = [.. EvaluationGrid.IouThresholds.Select((_, t) => MeanAt(curves, c => c.AP[AreaRange.All], t))],
        ARByIou = [.. EvaluationGrid.IouThresholds.Select((_, t) => MeanAt(curves, c => c.Recall[AreaRange.All], t))],
        Categories = [.. categories.Select((category, i) => Summarize(curves[i], category))],
    };

    private static CocoCategoryMetrics Summarize(CategoryCurves curves, GroundTruthCategory category) => new()
    {
        CategoryId = category.Id,
        Name = category.Name,
        Objects = curves.Positives[AreaRange.All],
        AP = Mean(curves.AP[AreaRange.All]),
        AP50 = curves.AP[AreaRange.All]?[Iou50] ?? Nothing,
        AP75 = curves.AP[AreaRange.All]?[Iou75] ?? Nothing,
        APSmall = Mean(curves.AP[AreaRange.Small]),
        APMedium = Mean(curves.AP[AreaRange.Medium]),
        APLarge = Mean(curves.AP[AreaRange.Large]),
        AR100 = Mean(curves.Recall[AreaRange.All]),
    };

    private static double Mean(double[]? byThreshold) => byThreshold?.Average() ?? Nothing;

    private static double Mean(CategoryCurves[] curves, Func<CategoryCurves, double[]?> metric) =>
        curves.Select(metric).OfType<double[]>().Select(byThreshold => byThreshold.Average()).DefaultIfEmpty(Nothing).Average();

    private static double MeanAt(CategoryCurves[] curves, Func<CategoryCurves, double[]?> metric, int threshold) =>
        curves.Select(metric).OfType<double[]>().Select(byThreshold => byThreshold[threshold]).DefaultIfEmpty(Nothing).Average();
}
