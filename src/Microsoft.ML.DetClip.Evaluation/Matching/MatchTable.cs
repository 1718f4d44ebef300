namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Which detections of a category are right, at every IoU threshold and in every area range: all that precision and recall follow from.</summary>
/// <remarks>
/// N detections, A area ranges, T thresholds. Thresholds are bits of a word, so that one row holds them all. A detection is right (matched, not ignored),
/// wrong (neither) or does not count (ignored).
/// </remarks>
internal sealed class MatchTable
{
    private readonly uint[] _matched; // [A·N]
    private readonly uint[] _ignored; // [A·N]

    public MatchTable(CategoryBoxes boxes, int ranges)
    {
        Count = boxes.Detections.Length;
        Ranks = boxes.Ranks;
        _matched = new uint[ranges * Count];
        _ignored = new uint[ranges * Count];
        Positives = new int[ranges];
        BestFirst = OrderByScore(boxes.Detections);
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>For each detection, how many better ones its image has. [N]</summary>
    public int[] Ranks { get; }

    /// <summary>The detections from the highest score to the lowest; equal scores in the order of images. [N]</summary>
    public int[] BestFirst { get; }

    /// <summary>Objects that should be found. [A]</summary>
    public int[] Positives { get; }

    /// <summary>Bit t is set where the detection has a truth at threshold t. [N]</summary>
    public Span<uint> Matched(int range) => _matched.AsSpan(range * Count, Count);

    /// <summary>Bit t is set where the detection does not count at threshold t. [N]</summary>
    public Span<uint> Ignored(int range) => _ignored.AsSpan(range * Count, Count);

    private static int[] OrderByScore(DetectionResult[] detections)
    {
        var keys = new (double Score, int Index)[detections.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = (-detections[i].Score, i);
        Array.Sort(keys); // the index makes it stable
        return Array.ConvertAll(keys, key => key.Index);
    }
}
