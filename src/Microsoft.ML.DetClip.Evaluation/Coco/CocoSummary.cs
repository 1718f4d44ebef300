using static Microsoft.ML.DetClip.Evaluation.CurveMeans;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages the curves of all categories to COCO's metrics.</summary>
internal static class CocoSummary
{
    /// <summary>The numbers of detections of an image that recall is also given for, besides all.</summary>
    public static readonly int[] RecallLimits = [1, 10];

    public static CocoMetrics Summarize(CategoryCurves[] curves, IReadOnlyList<GroundTruthCategory> categories, bool pooled) => new()
    {
        AP = Mean(curves, c => c.AP[AreaRange.All]),
        AP50 = MeanAt(curves, c => c.AP[AreaRange.All], Iou50),
        AP75 = MeanAt(curves, c => c.AP[AreaRange.All], Iou75),
        APSmall = Mean(curves, c => c.AP[AreaRange.Small]),
        APMedium = Mean(curves, c => c.AP[AreaRange.Medium]),
        APLarge = Mean(curves, c => c.AP[AreaRange.Large]),
        AR1 = Mean(curves, c => c.RecallAt[0]),
        AR10 = Mean(curves, c => c.RecallAt[1]),
        AR100 = Mean(curves, c => c.Recall[AreaRange.All]),
        ARSmall = Mean(curves, c => c.Recall[AreaRange.Small]),
        ARMedium = Mean(curves, c => c.Recall[AreaRange.Medium]),
        ARLarge = Mean(curves, c => c.Recall[AreaRange.Large]),
        APByIou = MeanByIou(curves, c => c.AP[AreaRange.All]),
        ARByIou = MeanByIou(curves, c => c.Recall[AreaRange.All]),
        PooledAP = pooled ? PooledPrecision.Average([.. curves.Select(c => c.Matches!)]) : null,
        Categories = [.. categories.Select((category, i) => Summarize(curves[i], category))],
    };

    private static CocoCategoryMetrics Summarize(CategoryCurves curves, GroundTruthCategory category) => new()
    {
        CategoryId = category.Id,
        Name = category.Name,
        Objects = curves.Positives[AreaRange.All],
        AP = Mean(curves.AP[AreaRange.All]),
        AP50 = At(curves.AP[AreaRange.All], Iou50),
        AP75 = At(curves.AP[AreaRange.All], Iou75),
        APSmall = Mean(curves.AP[AreaRange.Small]),
        APMedium = Mean(curves.AP[AreaRange.Medium]),
        APLarge = Mean(curves.AP[AreaRange.Large]),
        AR100 = Mean(curves.Recall[AreaRange.All]),
    };
}
