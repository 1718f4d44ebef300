namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A category's precision and recall at every IoU threshold, in every area range. A areas, T thresholds, R recalls, L limits.</summary>
internal sealed class CategoryCurves
{
    private CategoryCurves(int ranges, int limits)
    {
        Precision = new double[ranges][];
        Recall = new double[ranges][];
        RecallAt = new double[limits][];
        Positives = new int[ranges];
    }

    /// <summary>At each of the recalls. [A][T·R]; null in a range with nothing to find.</summary>
    public double[]?[] Precision { get; }

    /// <summary>With all detections. [A][T]; null in a range with nothing to find.</summary>
    public double[]?[] Recall { get; }

    /// <summary>With at most so many detections of each image, all areas. [L][T]; null when there is nothing to find.</summary>
    public double[]?[] RecallAt { get; }

    /// <summary>Objects to find. [A]</summary>
    public int[] Positives { get; }

    /// <summary>Which detections were right, in all areas; null unless asked for.</summary>
    public CategoryMatches? Matches { get; init; }

    /// <summary>Matches and measures every group, on all processor cores; the result does not depend on how many there are.</summary>
    /// <param name="grouping">What is compared with what.</param>
    /// <param name="limits">How many detections of each image <see cref="RecallAt"/> looks at.</param>
    /// <param name="keepMatches">Whether <see cref="Matches"/> is wanted.</param>
    public static CategoryCurves[] OfAll(BoxGrouping grouping, int[] limits, bool keepMatches)
    {
        var curves = new CategoryCurves[grouping.Count];
        Parallel.For(0, grouping.Count,
            () => (Matcher: new ImageMatcher(EvaluationGrid.IouThresholds, AreaRange.Coco), PrecisionRecall: new PrecisionRecall()),
            (group, _, scratch) =>
            {
                var boxes = grouping[group];
                var table = scratch.Matcher.Match(boxes);
                curves[group] = Compute(table, scratch.PrecisionRecall, limits, keepMatches ? CategoryMatches.Of(boxes, table) : null);
                return scratch;
            },
            _ => { });
        return curves;
    }

    private static CategoryCurves Compute(MatchTable table, PrecisionRecall precisionRecall, int[] limits, CategoryMatches? matches)
    {
        var thresholds = EvaluationGrid.IouThresholds.Length;
        var curves = new CategoryCurves(table.Positives.Length, limits.Length) { Matches = matches };
        for (var range = 0; range < table.Positives.Length; range++)
        {
            curves.Positives[range] = table.Positives[range];
            if (table.Positives[range] == 0) continue;
            curves.Precision[range] = precisionRecall.Precision(table, range, thresholds);
            curves.Recall[range] = PrecisionRecall.Recall(table, range, thresholds, int.MaxValue);
        }
        if (table.Positives[AreaRange.All] == 0) return curves;
        for (var i = 0; i < limits.Length; i++)
            curves.RecallAt[i] = PrecisionRecall.Recall(table, AreaRange.All, thresholds, limits[i]);
        return curves;
    }
}
