namespace Microsoft.ML.DetClip;

/// <summary>Greedy non-maximum suppression: best score first, a box is dropped, or weakened, when its IoU with a kept one is above the threshold.</summary>
/// <remarks>
/// Equal scores keep their order. Results are those of torchvision's nms and batched_nms. NaN scores are never kept.
/// The time to select depends on R·K only through one vectorised look at each score.
/// </remarks>
public static class NonMaximumSuppression
{
    /// <summary>Suppression among all boxes: torchvision's nms.</summary>
    /// <param name="boxes">[N]</param>
    /// <param name="scores">[N]</param>
    /// <param name="iouThreshold">0 to 1.</param>
    /// <returns>Indices of the kept boxes, best first.</returns>
    public static int[] Keep(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, double iouThreshold) => Keep(boxes, scores, default, iouThreshold);

    /// <summary>Suppression within each class: torchvision's batched_nms.</summary>
    /// <param name="boxes">[N]</param>
    /// <param name="scores">[N]</param>
    /// <param name="classes">Boxes of different classes do not meet; [N], or empty for one class.</param>
    /// <param name="iouThreshold">0 to 1.</param>
    /// <returns>Indices of the kept boxes, best first.</returns>
    public static int[] Keep(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> classes, double iouThreshold)
    {
        CheckLength(scores.Length, boxes.Length, nameof(scores));
        if (!classes.IsEmpty) CheckLength(classes.Length, boxes.Length, nameof(classes));
        var kept = new KeptBoxes(iouThreshold);
        var indices = new List<int>();
        foreach (var i in TopScores.Find(scores, float.NegativeInfinity, scores.Length))
            if (kept.TryAdd(boxes[i], classes.IsEmpty ? 0 : classes[i])) indices.Add(i);
        return [.. indices];
    }

    /// <summary>The detections of one image: every (region, concept) pair is a candidate, so a region may show several concepts.</summary>
    /// <param name="boxes">Boxes of the regions, [R].</param>
    /// <param name="scores">Score of each region for each concept, [R, K], row-major; K is its length / R.</param>
    /// <param name="options">Thresholds and limits.</param>
    /// <param name="groups">Group of each concept, [K]; for <see cref="NmsScope.Group"/> alone.</param>
    /// <returns>Kept pairs, best score first, lower region and then lower concept first among equals.</returns>
    /// <exception cref="ArgumentException">A setting is out of range, or the lengths do not fit.</exception>
    public static IReadOnlyList<RegionConcept> Select(
        ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, SelectionOptions options, ReadOnlySpan<int> groups = default)
    {
        options.Check();
        if (boxes.IsEmpty || scores.IsEmpty) return [];
        var concepts = scores.Length / boxes.Length;
        CheckLength(scores.Length, concepts * boxes.Length, nameof(scores));
        if (options.Scope == NmsScope.Group) CheckLength(groups.Length, concepts, nameof(groups));
        ReadOnlySpan<int> scope = options.Scope switch
        {
            NmsScope.All => [],
            NmsScope.Group => groups,
            _ => (int[])[.. Enumerable.Range(0, concepts)],
        };
        return [.. Suppress(new(boxes, scores, scope), options).Select(kept => new RegionConcept(kept.Index / concepts, kept.Index % concepts, kept.Score))];
    }

    /// <summary>The kept candidates by their index, best score first.</summary>
    internal static List<(int Index, float Score)> Suppress(Candidates all, SelectionOptions options)
    {
        // Most candidates are never looked at: try the best few, and more only while detections are missing.
        for (var most = 4L * options.MaxDetections; ; most *= 4)
        {
            var best = TopScores.Find(all.Scores, options.ScoreThreshold, (int)Math.Min(most, all.Scores.Length));
            var isAll = best.Length < most;
            var kept = options.Kind == NmsKind.Hard ? Hard(all, best, options) : SoftSuppression.Select(all, best, isAll, options);
            if (kept.Count == options.MaxDetections || isAll) return kept;
        }
    }

    private static List<(int Index, float Score)> Hard(Candidates all, int[] best, SelectionOptions options)
    {
        var boxes = new KeptBoxes(options.IouThreshold);
        var kept = new List<(int, float)>(Math.Min(best.Length, options.MaxDetections));
        foreach (var i in best)
        {
            if (kept.Count == options.MaxDetections) break;
            var box = all.Box(i);
            if (options.Fits(box) && boxes.TryAdd(box, all.Group(i))) kept.Add((i, all.Scores[i]));
        }
        return kept;
    }

    private static void CheckLength(int actual, int expected, string name)
    {
        if (actual != expected) throw new ArgumentException($"{name} has {actual} elements; {expected} are needed, a whole number for each box.", name);
    }
}
