namespace Microsoft.ML.DetClip;

/// <summary>Scored regions of an image's views to its detections. R regions of a view, K concepts.</summary>
/// <remarks>
/// Of one view, they are what suppression leaves. Of several, each view is cleared of duplicates by hard suppression first, so that parts of one object can
/// be told from duplicates; then cut parts are joined, and suppression as it was asked for runs over what is left.
/// </remarks>
internal sealed class DetectionSelector(Vocabulary vocabulary, SelectionOptions selection)
{
    // Boxes in the padding have no area once they are clipped: no object.
    private readonly SelectionOptions _selection = selection with { MinSize = Math.Max(selection.MinSize, float.Epsilon) };
    private readonly List<TileBox> _found = [];
    private int _views;

    /// <param name="boxes">Boxes of the image, clipped to the tile, [R].</param>
    /// <param name="scores">[R, K]</param>
    /// <param name="tile">The part of the image that the view shows.</param>
    /// <param name="isOnly">Whether the image has no other view.</param>
    public void Add(ReadOnlySpan<Box> boxes, ReadOnlySpan<float> scores, ImageTile tile, bool isOnly)
    {
        // A part of an object may be smaller than the object.
        var options = isOnly ? _selection : _selection with { Kind = NmsKind.Hard, MinSize = float.Epsilon };
        foreach (var (region, concept, score) in NonMaximumSuppression.Select(boxes, scores, options, vocabulary.Groups))
            _found.Add(new(boxes[region], concept, score, _views, tile.CutsOf(boxes[region])));
        _views++;
    }

    /// <summary>The detections, best score first.</summary>
    public DetectionList Select()
    {
        if (_views <= 1) return ToList(_found);
        var joined = TileJoining.Join(_found);
        int[] groups = [.. joined.Select(b => selection.Scope switch { NmsScope.All => 0, NmsScope.Group => vocabulary.Groups[b.Concept], _ => b.Concept })];
        var kept = NonMaximumSuppression.Suppress(new([.. joined.Select(b => b.Box)], [.. joined.Select(b => b.Score)], groups), _selection);
        return ToList(kept.Select(k => joined[k.Index] with { Score = k.Score }));
    }

    private DetectionList ToList(IEnumerable<TileBox> boxes) => new([.. boxes.Select(b => new Detection(vocabulary.Concepts[b.Concept].Name, b.Score, b.Box))]);
}
