namespace Microsoft.ML.DetClip;

/// <summary>Scored regions of an image's views to its detections. R regions of a view, P phrases, K concepts.</summary>
/// <remarks>
/// Of one view, they are what suppression leaves. Of several, each view is cleared of duplicates by hard suppression first, so that parts of one object can
/// be told from duplicates; then cut parts are joined, and suppression as it was asked for runs over what is left.
/// </remarks>
internal sealed class DetectionSelector
{
    private readonly EncodedVocabulary _vocabulary;
    private readonly float _threshold;
    private readonly SelectionOptions _selection;
    private readonly List<TileBox> _found = [];
    private int _views;

    /// <param name="vocabulary">What is looked for.</param>
    /// <param name="selection">Thresholds and limits; its score threshold is for concepts without their own.</param>
    public DetectionSelector(EncodedVocabulary vocabulary, SelectionOptions selection)
    {
        (_vocabulary, _threshold) = (vocabulary, selection.ScoreThreshold);
        _selection = selection with
        {
            ScoreThreshold = vocabulary.Concepts.Count == 0 ? _threshold : ConceptScores.LowestThreshold(vocabulary.Plan, _threshold),
            MinSize = Math.Max(selection.MinSize, float.Epsilon), // boxes in the padding have no area once they are clipped: no object
        };
    }

    /// <param name="boxes">Boxes of the image, clipped to the tile, [R].</param>
    /// <param name="phrases">Scores of phrases, [R, P].</param>
    /// <param name="tile">The part of the image that the view shows.</param>
    /// <param name="isOnly">Whether the image has no other view.</param>
    public void Add(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> phrases, ImageTile tile, bool isOnly)
    {
        var plan = _vocabulary.Plan;
        using var buffer = new PooledFloats(plan.IsPlain ? 0 : boxes.Length * plan.Concepts.Count);
        var scores = ConceptScores.Combine(plan, phrases, _threshold, buffer.Memory.Span); // [R, K]
        // A part of an object may be smaller than the object.
        var options = isOnly ? _selection : _selection with { Kind = NmsKind.Hard, MinSize = float.Epsilon };
        foreach (var (region, concept, score) in NonMaximumSuppression.Select(boxes, scores, options, _vocabulary.Groups))
            _found.Add(new(boxes[region], concept, score, _views, tile.CutsOf(boxes[region])));
        _views++;
    }

    /// <summary>The detections, best score first.</summary>
    public DetectionList Select() => _views <= 1 ? ToList(_found) : ToList(Suppress(TileJoining.Join(_found)));

    private List<TileBox> Suppress(List<TileBox> boxes)
    {
        int[] groups = [.. boxes.Select(b => _selection.Scope switch { NmsScope.All => 0, NmsScope.Group => _vocabulary.Groups[b.Concept], _ => b.Concept })];
        var kept = NonMaximumSuppression.Suppress(new([.. boxes.Select(b => b.Box)], [.. boxes.Select(b => b.Score)], groups), _selection);
        return [.. kept.Select(k => boxes[k.Index] with { Score = k.Score })];
    }

    private DetectionList ToList(List<TileBox> found)
    {
        // Suppression that weakens may have brought a score to its concept's own threshold.
        var above = found.Where(b => b.Score > (_vocabulary.Concepts[b.Concept].Threshold ?? _threshold)).ToArray();
        Box[] boxes = [.. above.Select(b => b.Box)];
        RegionConcept[] selected = [.. above.Select((b, i) => new RegionConcept(i, b.Concept, b.Score))];
        return new([.. ConceptScores.MostSpecial(_vocabulary.Plan, boxes, selected, _selection.IouThreshold)
            .Select(kept => new Detection(_vocabulary.Labels[kept.Concept], kept.Score, boxes[kept.Region]))]);
    }
}
