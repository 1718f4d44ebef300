namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A threshold of one label and what it does to the validation set.</summary>
/// <param name="Threshold">Detections with a higher score are kept; null where no threshold makes any of them right.</param>
/// <param name="Precision">The share of kept detections that is right.</param>
/// <param name="Recall">The share of objects that are found.</param>
/// <param name="IsReached">Whether the precision is what was asked for.</param>
internal sealed record ThresholdChoice(float? Threshold, double Precision, double Recall, bool IsReached)
{
    /// <summary>The threshold with the best F1, of equal ones the highest.</summary>
    /// <param name="detections">Of one label, in any order.</param>
    /// <param name="objects">How many there are to find; at least 1.</param>
    /// <param name="floor">Scores are above this.</param>
    public static ThresholdChoice ForBestF1(IReadOnlyList<(float Score, bool IsRight)> detections, int objects, float floor)
    {
        var best = Cuts(detections, floor).Where(cut => cut.Right > 0).MaxBy(cut => 2.0 * cut.Right / (cut.Kept + objects));
        return best is null ? None : Of(best, objects, isReached: true);
    }

    /// <summary>Of the thresholds with at least that precision the one that finds most; where there is none, the one of the highest precision.</summary>
    /// <inheritdoc cref="ForBestF1"/>
    public static ThresholdChoice ForPrecision(IReadOnlyList<(float Score, bool IsRight)> detections, int objects, float floor, double target)
    {
        var cuts = Cuts(detections, floor).Where(cut => cut.Right > 0).ToArray();
        if (cuts.Length == 0) return None;
        var enough = cuts.Where(cut => cut.Right >= target * cut.Kept).ToArray();
        return enough.Length > 0
            ? Of(enough.MaxBy(cut => (cut.Right, -cut.Kept))!, objects, isReached: true)
            : Of(cuts.MaxBy(cut => ((double)cut.Right / cut.Kept, cut.Right))!, objects, isReached: false);
    }

    private static ThresholdChoice None { get; } = new(null, 0, 0, IsReached: false);

    private static ThresholdChoice Of(Cut cut, int objects, bool isReached) => new(cut.Threshold, (double)cut.Right / cut.Kept, (double)cut.Right / objects, isReached);

    // Below each group of equal scores: a threshold halfway to the next score, so that neither lies on it.
    private static IEnumerable<Cut> Cuts(IReadOnlyList<(float Score, bool IsRight)> detections, float floor)
    {
        var groups = detections.GroupBy(d => d.Score).OrderByDescending(group => group.Key).ToArray();
        var (right, kept) = (0, 0);
        for (var i = 0; i < groups.Length; i++)
        {
            right += groups[i].Count(d => d.IsRight);
            kept += groups[i].Count();
            var (score, below) = (groups[i].Key, i + 1 < groups.Length ? groups[i + 1].Key : floor);
            var middle = (score + below) / 2;
            yield return new(middle < score ? middle : below, right, kept);
        }
    }

    private sealed record Cut(float Threshold, int Right, int Kept);
}
