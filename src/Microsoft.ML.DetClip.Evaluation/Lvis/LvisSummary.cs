using static Microsoft.ML.DetClip.Evaluation.CurveMeans;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages the curves of all categories to LVIS's metrics.</summary>
internal static class LvisSummary
{
    private const int NoLimit = -1; // as the official code is told, and prints it

    public static LvisMetrics Summarize(CategoryCurves[] curves, IReadOnlyList<LvisCategory> categories, LvisEvaluatorOptions options) => new()
    {
        MaxDetections = options.MaxDetectionsPerImage ?? NoLimit,
        AP = Mean(curves, c => c.AP[AreaRange.All]),
        AP50 = MeanAt(curves, c => c.AP[AreaRange.All], Iou50),
        AP75 = MeanAt(curves, c => c.AP[AreaRange.All], Iou75),
        APSmall = Mean(curves, c => c.AP[AreaRange.Small]),
        APMedium = Mean(curves, c => c.AP[AreaRange.Medium]),
        APLarge = Mean(curves, c => c.AP[AreaRange.Large]),
        APRare = Mean(Group(curves, categories, LvisFrequency.Rare), c => c.AP[AreaRange.All]),
        APCommon = Mean(Group(curves, categories, LvisFrequency.Common), c => c.AP[AreaRange.All]),
        APFrequent = Mean(Group(curves, categories, LvisFrequency.Frequent), c => c.AP[AreaRange.All]),
        AR = Mean(curves, c => c.Recall[AreaRange.All]),
        ARSmall = Mean(curves, c => c.Recall[AreaRange.Small]),
        ARMedium = Mean(curves, c => c.Recall[AreaRange.Medium]),
        ARLarge = Mean(curves, c => c.Recall[AreaRange.Large]),
        APByIou = MeanByIou(curves, c => c.AP[AreaRange.All]),
        Pooled = options.Pooled ? Pool(curves, categories) : null,
        Categories = [.. categories.Select((category, i) => Summarize(curves[i], category))],
    };

    private static LvisCategoryMetrics Summarize(CategoryCurves curves, LvisCategory category) => new()
    {
        CategoryId = category.Id,
        Name = category.Name,
        Frequency = category.Frequency,
        Objects = curves.Positives[AreaRange.All],
        AP = Mean(curves.AP[AreaRange.All]),
        AP50 = At(curves.AP[AreaRange.All], Iou50),
        AP75 = At(curves.AP[AreaRange.All], Iou75),
        APSmall = Mean(curves.AP[AreaRange.Small]),
        APMedium = Mean(curves.AP[AreaRange.Medium]),
        APLarge = Mean(curves.AP[AreaRange.Large]),
        AR = Mean(curves.Recall[AreaRange.All]),
    };

    private static LvisPooledMetrics Pool(CategoryCurves[] curves, IReadOnlyList<LvisCategory> categories)
    {
        double Of(IEnumerable<CategoryCurves> group) => PooledPrecision.Average([.. group.Select(c => c.Matches!)]);
        return new(
            Of(curves), Of(Group(curves, categories, LvisFrequency.Rare)), Of(Group(curves, categories, LvisFrequency.Common)),
            Of(Group(curves, categories, LvisFrequency.Frequent)));
    }

    private static IEnumerable<CategoryCurves> Group(CategoryCurves[] curves, IReadOnlyList<LvisCategory> categories, LvisFrequency frequency) =>
        curves.Where((_, i) => categories[i].Frequency == frequency);
}
