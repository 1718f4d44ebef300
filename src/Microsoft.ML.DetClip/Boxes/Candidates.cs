namespace Microsoft.ML.DetClip;

/// <summary>Scored (box, concept) pairs, by one index: box · K + concept.</summary>
/// <param name="boxes">[R]</param>
/// <param name="scores">[R, K], row-major.</param>
/// <param name="groups">Pairs of different groups do not meet: of each concept, [K], or of each box, [R], where K is 1; empty for one group.</param>
internal readonly ref struct Candidates(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ReadOnlySpan<int> groups)
{
    private readonly ReadOnlySpan<Box> _boxes = boxes;
    private readonly ReadOnlySpan<int> _groups = groups;
    private readonly int _concepts = boxes.IsEmpty ? 1 : scores.Length / boxes.Length;

    public ReadOnlySpan<float> Scores { get; } = scores;

    public Box Box(int i) => _boxes[i / _concepts];

    public int Group(int i) => _groups.IsEmpty ? 0 : _groups[i % _groups.Length];
}
