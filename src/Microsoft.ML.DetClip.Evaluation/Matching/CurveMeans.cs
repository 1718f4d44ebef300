namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages curves over thresholds, recalls and categories, in that order. What has nothing to find takes no part; where nothing is left the mean is −1.
/// T thresholds, R recalls.</summary>
internal static class CurveMeans
{
    private const int Iou50 = 0, Iou75 = 5;
    private const double Nothing = -1;
    private static readonly int Recalls = EvaluationGrid.RecallThresholds.Length;

    /// <summary>Average precision of categories in an area range.</summary>
    public static double AP(IEnumerable<CategoryCurves> curves, int range) => Mean(curves, c => c.Precision[range], Range.All);

    /// <summary>AP at an IoU of 0.50.</summary>
    public static double AP50(IEnumerable<CategoryCurves> curves) => APAt(curves, Iou50);

    /// <summary>AP at an IoU of 0.75.</summary>
    public static double AP75(IEnumerable<CategoryCurves> curves) => APAt(curves, Iou75);

    /// <summary>Average recall of categories in an area range.</summary>
    public static double AR(IEnumerable<CategoryCurves> curves, int range) => Mean(curves, c => c.Recall[range], Range.All);

    /// <summary>Average recall with the i-th limit.</summary>
    public static double ARAt(IEnumerable<CategoryCurves> curves, int limit) => Mean(curves, c => c.RecallAt[limit], Range.All);

    /// <summary>AP at each threshold. [T]</summary>
    public static double[] APByIou(IReadOnlyList<CategoryCurves> curves) => [.. EvaluationGrid.IouThresholds.Select((_, threshold) => APAt(curves, threshold))];

    /// <summary>Average recall at each threshold. [T]</summary>
    public static double[] ARByIou(IReadOnlyList<CategoryCurves> curves) =>
        [.. EvaluationGrid.IouThresholds.Select((_, threshold) => Mean(curves, c => c.Recall[AreaRange.All], threshold..(threshold + 1)))];

    private static double APAt(IEnumerable<CategoryCurves> curves, int threshold) =>
        Mean(curves, c => c.Precision[AreaRange.All], (threshold * Recalls)..((threshold + 1) * Recalls));

    private static double Mean(IEnumerable<CategoryCurves> curves, Func<CategoryCurves, double[]?> curveOf, Range part)
    {
        var found = curves.Select(curveOf).OfType<double[]>().ToArray();
        if (found.Length == 0) return Nothing;
        var (first, count) = part.GetOffsetAndLength(found[0].Length);
        var values = new double[count * found.Length]; // points of the curve, then categories
        for (var c = 0; c < found.Length; c++)
            for (var i = 0; i < count; i++) values[i * found.Length + c] = found[c][first + i];
        return PairwiseMean.Of(values);
    }
}
