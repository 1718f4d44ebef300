namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages the curves of all categories to COCO's metrics.</summary>
internal static class CocoSummary
{
    /// <summary>The numbers of detections of an image that recall is also given for, besides all.</summary>
    public static readonly int[] RecallLimits = [1, 10];

    public static CocoMetrics Summarize(CategoryCurves[] curves, IReadOnlyList<GroundTruthCategory> categories, bool pooled) => new()
    {
        AP = CurveMeans.AP(curves, AreaRange.All),
        AP50 = CurveMeans.AP50(curves),
        AP75 = CurveMeans.AP75(curves),
        APSmall = CurveMeans.AP(curves, AreaRange.Small),
        APMedium = CurveMeans.AP(curves, AreaRange.Medium),
        APLarge = CurveMeans.AP(curves, AreaRange.Large),
        AR1 = CurveMeans.ARAt(curves, 0),
        AR10 = CurveMeans.ARAt(curves, 1),
        AR100 = CurveMeans.AR(curves, AreaRange.All),
        ARSmall = CurveMeans.AR(curves, AreaRange.Small),
        ARMedium = CurveMeans.AR(curves, AreaRange.Medium),
        ARLarge = CurveMeans.AR(curves, AreaRange.Large),
        APByIou = CurveMeans.APByIou(curves),
        ARByIou = CurveMeans.ARByIou(curves),
        PooledAP = pooled ? PooledPrecision.Average([.. curves.Select(c => c.Matches!)]) : null,
        Categories = [.. categories.Select((category, i) => Summarize(curves[i], category))],
    };

    private static CocoCategoryMetrics Summarize(CategoryCurves curves, GroundTruthCategory category) => new()
    {
        CategoryId = category.Id,
        Name = category.Name,
        Objects = curves.Positives[AreaRange.All],
        AP = CurveMeans.AP([curves], AreaRange.All),
        AP50 = CurveMeans.AP50([curves]),
        AP75 = CurveMeans.AP75([curves]),
        APSmall = CurveMeans.AP([curves], AreaRange.Small),
        APMedium = CurveMeans.AP([curves], AreaRange.Medium),
        APLarge = CurveMeans.AP([curves], AreaRange.Large),
        AR100 = CurveMeans.AR([curves], AreaRange.All),
    };
}
