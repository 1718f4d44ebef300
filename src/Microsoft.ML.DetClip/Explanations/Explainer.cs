namespace Microsoft.ML.DetClip;

/// <summary>The scored regions of one view of an image.</summary>
/// <param name="Tile">The part of the image that it shows.</param>
/// <param name="Boxes">In pixels of the image, clipped to the tile, [R].</param>
/// <param name="Scores">[R, K]</param>
internal sealed record ScoredView(ImageTile Tile, Box[] Boxes, float[] Scores);

/// <summary>Follows the candidates of one concept through thresholds and suppression. K concepts.</summary>
/// <param name="vocabulary">All concepts, the one in question included.</param>
/// <param name="concept">Index of the one in question.</param>
/// <param name="selection">Thresholds and limits.</param>
internal sealed class Explainer(Vocabulary vocabulary, int concept, SelectionOptions selection)
{
    private string Label => vocabulary.Concepts[concept].Name;

    /// <summary>What became of the best candidates.</summary>
    public IReadOnlyList<ExplainedCandidate> Explain(IReadOnlyList<ScoredView> views, int count)
    {
        var detections = Detect(views);
        var candidates = views.SelectMany(Candidates).Where(c => c.Box.Area > 0);
        return [.. candidates.OrderByDescending(c => c.Score).Take(count).Select(c => Explain(c.Box, c.Score, c.Others, detections, isTiled: views.Count > 1))];
    }

    /// <summary>The other concept whose embedding points most nearly the same way, and the cosine.</summary>
    /// <param name="width">The numbers of an embedding that are a direction.</param>
    public (string? Label, float Cosine) Nearest(int width)
    {
        var rows = vocabulary.Embeddings.Chunk(vocabulary.Embeddings.Length / vocabulary.Concepts.Count).Select(row => row[..width]).ToArray();
        return rows.Select((row, k) => (k, Cosine: Vectors.Dot(row, rows[concept]) / MathF.Max(Vectors.Length(row) * Vectors.Length(rows[concept]), float.Epsilon)))
            .Where(other => other.k != concept).OrderByDescending(other => other.Cosine)
            .Select(other => ((string?)vocabulary.Concepts[other.k].Name, other.Cosine)).FirstOrDefault();
    }

    private DetectionList Detect(IReadOnlyList<ScoredView> views)
    {
        var selector = new DetectionSelector(vocabulary, selection);
        foreach (var view in views) selector.Add(view.Boxes, view.Scores, view.Tile, isOnly: views.Count == 1);
        return selector.Select();
    }

    private IEnumerable<(Box Box, float Score, float[] Others)> Candidates(ScoredView view) =>
        view.Scores.Chunk(vocabulary.Concepts.Count).Zip(view.Boxes, (row, box) => (box, row[concept], row));

    private ExplainedCandidate Explain(Box box, float score, float[] row, DetectionList detections, bool isTiled)
    {
        var other = Enumerable.Range(0, row.Length).Where(k => k != concept).DefaultIfEmpty(-1).MaxBy(k => k < 0 ? 0 : row[k]);
        var (outcome, by) = Outcome(box, score, detections, isTiled);
        return new(box, score, outcome, by, by?.Box.IoU(box) ?? 0, other < 0 ? null : vocabulary.Concepts[other].Name, other < 0 ? 0 : row[other]);
    }

    private (CandidateOutcome, Detection?) Outcome(Box box, float score, DetectionList detections, bool isTiled)
    {
        if (detections.FirstOrDefault(d => d.Label == Label && d.Box == box) is { } itself) return (CandidateOutcome.Detected, itself);
        if (!(score > selection.ScoreThreshold)) return (CandidateOutcome.BelowThreshold, null);
        if (!isTiled && !selection.Fits(box)) return (CandidateOutcome.TooSmall, null);
        var rivals = detections.Where(d => d.Score >= score || selection.Kind != NmsKind.Hard || isTiled).Where(Meets).ToArray();
        var least = selection.Kind == NmsKind.SoftGaussian ? 0 : selection.IouThreshold;
        if (rivals.FirstOrDefault(d => d.Box.IoU(box) > least) is { } better) return (CandidateOutcome.Suppressed, better);
        // A box of one tile may have gone with one that went itself, or become a part of a larger one.
        var nearest = rivals.MaxBy(d => d.Box.IoU(box));
        return isTiled && nearest?.Box.IoU(box) > 0 ? (CandidateOutcome.Joined, nearest) : (CandidateOutcome.BeyondLimit, null);
    }

    private bool Meets(Detection detection) => selection.Scope switch
    {
        NmsScope.All => true,
        NmsScope.Group => vocabulary.Groups[vocabulary.Concepts.Index().First(c => c.Item.Name == detection.Label).Index] == vocabulary.Groups[concept],
        _ => detection.Label == Label,
    };
}
