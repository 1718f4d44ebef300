namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Averages curves over thresholds and categories. What has nothing to find takes no part; where nothing is left the mean is −1.</summary>
internal static class CurveMeans
{
    public const int Iou50 = 0, Iou75 = 5;
    private const double Nothing = -1;

    /// <summary>Over thresholds.</summary>
    public static double Mean(double[]? byThreshold) => byThreshold?.Average() ?? Nothing;

    /// <summary>At one threshold.</summary>
    public static double At(double[]? byThreshold, int threshold) => byThreshold?[threshold] ?? Nothing;

    /// <summary>Over thresholds and categories.</summary>
    public static double Mean(IEnumerable<CategoryCurves> curves, Func<CategoryCurves, double[]?> metric) =>
        curves.Select(metric).OfType<double[]>().Select(byThreshold => byThreshold.Average()).DefaultIfEmpty(Nothing).Average();

    /// <summary>Over categories, at one threshold.</summary>
    public static double MeanAt(IEnumerable<CategoryCurves> curves, Func<CategoryCurves, double[]?> metric, int threshold) =>
        curves.Select(metric).OfType<double[]>().Select(byThreshold => byThreshold[threshold]).DefaultIfEmpty(Nothing).Average();

    /// <summary>Over categories, at each threshold.</summary>
    public static double[] MeanByIou(IEnumerable<CategoryCurves> curves, Func<CategoryCurves, double[]?> metric) =>
        [.. EvaluationGrid.IouThresholds.Select((_, threshold) => MeanAt(curves, metric, threshold))];
}
