namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The points at which the official evaluators measure; exactly the doubles that numpy's linspace gives, of which some are not the nearest to
/// their decimal text.</summary>
internal static class EvaluationGrid
{
    /// <summary>0.5, 0.55, … 0.95; the ninth is 0.8999999999999999.</summary>
    public static readonly double[] IouThresholds = Linspace(0.5, 0.95, 10);

    /// <summary>0, 0.01, … 1.</summary>
    public static readonly double[] RecallThresholds = Linspace(0, 1, 101);

    private static double[] Linspace(double first, double last, int count)
    {
        var step = (last - first) / (count - 1);
        var points = new double[count];
        for (var i = 0; i < count; i++) points[i] = first + i * step;
        points[^1] = last;
        return points;
    }
}
