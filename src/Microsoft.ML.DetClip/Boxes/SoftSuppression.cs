namespace Microsoft.ML.DetClip;

/// <summary>Soft-NMS (Bodla et al. 2017): a kept box weakens the boxes of its group that overlap it, instead of dropping them.</summary>
/// <remarks>
/// The plain algorithm weakens every box at every step. Here a candidate is weakened only when it comes up, by the boxes kept since it last did:
/// until then its old score is an upper bound. The products are formed in the same order, so results are the same to the bit.
/// </remarks>
internal static class SoftSuppression
{
    /// <summary>The kept candidates with what is left of their scores, best first; fewer than there may be when candidates beyond <paramref name="best"/> are needed.</summary>
    /// <param name="all">All candidates.</param>
    /// <param name="best">Indices of the best of them, best first.</param>
    /// <param name="isAll">Whether no other candidate is above the score threshold.</param>
    /// <param name="options">Thresholds and limits.</param>
    public static List<(int Index, float Score)> Select(Candidates all, int[] best, bool isAll, SelectionOptions options)
    {
        var queue = new PriorityQueue<Waiting, ulong>(best.Length);
        foreach (var i in best)
            if (options.Fits(all.Box(i))) queue.Enqueue(new(i, all.Scores[i], 0), TopScores.Key(all.Scores[i], i));
        // What is no better than the last of the best may have to wait for a candidate that is not among them.
        var floor = isAll ? float.NegativeInfinity : all.Scores[best[^1]];
        var keptBoxes = new Dictionary<int, List<Box>>();
        var kept = new List<(int, float)>();
        while (kept.Count < options.MaxDetections && queue.TryDequeue(out var candidate, out _) && candidate.Score > floor)
        {
            var group = all.Group(candidate.Index);
            if (!keptBoxes.TryGetValue(group, out var better)) keptBoxes[group] = better = [];
            var weakened = Weaken(candidate, all.Box(candidate.Index), better, options);
            if (weakened.Score == candidate.Score)
            {
                better.Add(all.Box(candidate.Index));
                kept.Add((candidate.Index, candidate.Score));
            }
            else if (weakened.Score > options.ScoreThreshold) queue.Enqueue(weakened, TopScores.Key(weakened.Score, candidate.Index));
        }
        return kept;
    }

    private static Waiting Weaken(Waiting candidate, Box box, List<Box> better, SelectionOptions options)
    {
        var score = candidate.Score;
        for (var i = candidate.Seen; i < better.Count; i++) score *= options.Decay(box.IoU(better[i]));
        return candidate with { Score = score, Seen = better.Count };
    }

    /// <summary>A candidate, its score after the first so many kept boxes of its group.</summary>
    private readonly record struct Waiting(int Index, float Score, int Seen);
}
