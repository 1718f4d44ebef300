namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages the curves of all categories to LVIS's metrics.</summary>
internal static class LvisSummary
{
    private const int NoLimit = -1; // as the official code is told, and prints it

    public static LvisMetrics Summarize(CategoryCurves[] curves, IReadOnlyList<LvisCategory> categories, LvisEvaluatorOptions options) => new()
    {
        MaxDetections = options.MaxDetectionsPerImage ?? NoLimit,
        AP = CurveMeans.AP(curves, AreaRange.All),
        AP50 = CurveMeans.AP50(curves),
        AP75 = CurveMeans.AP75(curves),
        APSmall = CurveMeans.AP(curves, AreaRange.Small),
        APMedium = CurveMeans.AP(curves, AreaRange.Medium),
        APLarge = CurveMeans.AP(curves, AreaRange.Large),
        APRare = CurveMeans.AP(Group(curves, categories, LvisFrequency.Rare), AreaRange.All),
        APCommon = CurveMeans.AP(Group(curves, categories, LvisFrequency.Common), AreaRange.All),
        APFrequent = CurveMeans.AP(Group(curves, categories, LvisFrequency.Frequent), AreaRange.All),
        AR = CurveMeans.AR(curves, AreaRange.All),
        ARSmall = CurveMeans.AR(curves, AreaRange.Small),
        ARMedium = CurveMeans.AR(curves, AreaRange.Medium),
        ARLarge = CurveMeans.AR(curves, AreaRange.Large),
        APByIou = CurveMeans.APByIou(curves),
        Pooled = options.Pooled ? Pool(curves, categories) : null,
        Categories = [.. categories.Select((category, i) => Summarize(curves[i], category))],
    };

    private static LvisCategoryMetrics Summarize(CategoryCurves curves, LvisCategory category) => new()
    {
        CategoryId = category.Id,
        Name = category.Name,
        Frequency = category.Frequency,
        Objects = curves.Positives[AreaRange.All],
        AP = CurveMeans.AP([curves], AreaRange.All),
        AP50 = CurveMeans.AP50([curves]),
        AP75 = CurveMeans.AP75([curves]),
        APSmall = CurveMeans.AP([curves], AreaRange.Small),
        APMedium = CurveMeans.AP([curves], AreaRange.Medium),
        APLarge = CurveMeans.AP([curves], AreaRange.Large),
        AR = CurveMeans.AR([curves], AreaRange.All),
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
