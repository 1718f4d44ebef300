namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Cuts detections to the best of each image or category.</summary>
internal static class DetectionLimit
{
    /// <summary>The best detections of each group, in the order given; of equal scores, the earlier are kept.</summary>
    /// <param name="detections">All of them.</param>
    /// <param name="groupOf">Image or category of a detection.</param>
    /// <param name="limit">The most of a group.</param>
    public static DetectionResult[] Best(DetectionResult[] detections, Func<DetectionResult, long> groupOf, int limit)
    {
        var counts = new Dictionary<long, int>();
        foreach (var detection in detections)
        {
            var group = groupOf(detection);
            counts[group] = counts.GetValueOrDefault(group) + 1;
        }
        var large = counts.Where(count => count.Value > limit).ToDictionary(count => count.Key, count => new List<(double, int)>(count.Value));
        if (large.Count == 0) return detections;
        var dropped = Dropped(detections, groupOf, limit, large);
        return [.. detections.Where((_, i) => !dropped[i])];
    }

    private static bool[] Dropped(
        DetectionResult[] detections, Func<DetectionResult, long> groupOf, int limit, Dictionary<long, List<(double NegativeScore, int Index)>> large)
    {
        for (var i = 0; i < detections.Length; i++)
            if (large.TryGetValue(groupOf(detections[i]), out var rows)) rows.Add((-detections[i].Score, i));
        var dropped = new bool[detections.Length];
        foreach (var rows in large.Values)
        {
            rows.Sort(); // the index makes it stable
            foreach (var (_, index) in rows.Skip(limit)) dropped[index] = true;
        }
        return dropped;
    }
}
