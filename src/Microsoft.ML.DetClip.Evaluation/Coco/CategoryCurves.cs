namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A category's AP and recall at every IoU threshold, in every area range. A areas, T thresholds.</summary>
internal sealed class CategoryCurves
{
    private CategoryCurves(int ranges)
    {
        AP = new double[ranges][];
        Recall = new double[ranges][];
        Positives = new int[ranges];
    }

    /// <summary>[A][T]; null in a range with nothing to find.</summary>
    public double[]?[] AP { get; }

    /// <summary>With all detections. [A][T]; null in a range with nothing to find.</summary>
    public double[]?[] Recall { get; }

    /// <summary>With only the best detection of each image, all areas. [T]</summary>
    public double[]? RecallAt1 { get; private init; }

    /// <summary>With only the ten best detections of each image, all areas. [T]</summary>
    public double[]? RecallAt10 { get; private init; }

    /// <summary>Objects to find. [A]</summary>
    public int[] Positives { get; }

    public static CategoryCurves Compute(MatchTable table, PrecisionRecall precisionRecall, int maxDetections)
    {
        var thresholds = EvaluationGrid.IouThresholds.Length;
        var any = table.Positives[AreaRange.All] > 0;
        var curves = new CategoryCurves(table.Positives.Length)
        {
            RecallAt1 = any ? PrecisionRecall.Recall(table, AreaRange.All, thresholds, maxDetections: 1) : null,
            RecallAt10 = any ? PrecisionRecall.Recall(table, AreaRange.All, thresholds, maxDetections: 10) : null,
        };
        for (var range = 0; range < table.Positives.Length; range++)
        {
            curves.Positives[range] = table.Positives[range];
            if (table.Positives[range] == 0) continue;
            curves.AP[range] = precisionRecall.AveragePrecision(table, range, thresholds);
            curves.Recall[range] = PrecisionRecall.Recall(table, range, thresholds, maxDetections);
        }
        return curves;
    }
}
