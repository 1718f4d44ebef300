namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Precision and recall of a category in one area range, at every IoU threshold.</summary>
/// <remarks>Holds scratch memory: one for each thread. T thresholds, R recalls.</remarks>
internal sealed class PrecisionRecall
{
    private const double Epsilon = 2.220446049250313e-16; // numpy.spacing(1)
    private double[] _precision = [];
    private double[] _recall = [];

    /// <summary>Precision at the 101 recalls. [T·R]</summary>
    /// <remarks>Meaningless where nothing was to be found: <see cref="MatchTable.Positives"/> is 0.</remarks>
    public double[] Precision(MatchTable table, int range, int thresholds) =>
        Precision(table.BestFirst, table.Matched(range), table.Ignored(range), table.Positives[range], thresholds);

    /// <summary>The same of rows that come from several tables.</summary>
    /// <param name="bestFirst">Rows from the highest score to the lowest.</param>
    /// <param name="matched">Of each row, bit t: it has a truth at threshold t.</param>
    /// <param name="ignored">Of each row, bit t: it does not count at threshold t.</param>
    /// <param name="positives">Objects to find; not 0.</param>
    /// <param name="thresholds">T.</param>
    public double[] Precision(ReadOnlySpan<int> bestFirst, ReadOnlySpan<uint> matched, ReadOnlySpan<uint> ignored, int positives, int thresholds)
    {
        var recalls = EvaluationGrid.RecallThresholds.Length;
        var precision = new double[thresholds * recalls];
        for (var t = 0; t < thresholds; t++) AtRecalls(Trace(bestFirst, matched, ignored, positives, t), precision.AsSpan(t * recalls, recalls));
        return precision;
    }

    /// <summary>The share of objects found by at most so many detections of each image. [T]</summary>
    /// <remarks>Meaningless where nothing was to be found.</remarks>
    public static double[] Recall(MatchTable table, int range, int thresholds, int maxDetections)
    {
        var matched = table.Matched(range);
        var ignored = table.Ignored(range);
        var found = new double[thresholds];
        for (var i = 0; i < table.Count; i++)
        {
            if (table.Ranks[i] >= maxDetections) continue;
            var right = matched[i] & ~ignored[i];
            for (var t = 0; right != 0; t++, right >>= 1) found[t] += right & 1;
        }
        return Array.ConvertAll(found, count => count / table.Positives[range]);
    }

    /// <summary>Precision and recall after each detection that counts, the best first; precision made to never rise with recall.</summary>
    /// <returns>How many detections count.</returns>
    private int Trace(ReadOnlySpan<int> bestFirst, ReadOnlySpan<uint> matched, ReadOnlySpan<uint> ignored, double positives, int threshold)
    {
        if (_precision.Length < bestFirst.Length) (_precision, _recall) = (new double[bestFirst.Length], new double[bestFirst.Length]);
        var (right, wrong, count) = (0.0, 0.0, 0);
        foreach (var i in bestFirst)
        {
            if ((ignored[i] >> threshold & 1) != 0) continue;
            if ((matched[i] >> threshold & 1) != 0) right++;
            else wrong++;
            _precision[count] = right / (wrong + right + Epsilon);
            _recall[count++] = right / positives;
        }
        for (var i = count - 1; i > 0; i--) _precision[i - 1] = Math.Max(_precision[i - 1], _precision[i]);
        return count;
    }

    private void AtRecalls(int count, Span<double> precision)
    {
        var i = 0;
        for (var r = 0; r < precision.Length; r++)
        {
            while (i < count && _recall[i] < EvaluationGrid.RecallThresholds[r]) i++;
            if (i == count) return; // recalls that are never reached have precision 0
            precision[r] = _precision[i];
        }
    }
}
