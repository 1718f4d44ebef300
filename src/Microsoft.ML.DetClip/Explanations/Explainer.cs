namespace Microsoft.ML.DetClip;

/// <summary>The scored regions of one view of an image.</summary>
/// <param name="Tile">The part of the image that it shows.</param>
/// <param name="Boxes">In pixels of the image, clipped to the tile, [R].</param>
/// <param name="Scores">Of phrases, [R, P].</param>
internal sealed record ScoredView(ImageTile Tile, Box[] Boxes, float[] Scores);

/// <summary>Follows the candidates of one concept through thresholds and suppression. K concepts, P phrases.</summary>
/// <param name="vocabulary">All concepts, the one in question included; their thresholds are those of scores before the temperature.</param>
/// <param name="concept">Index of the one in question.</param>
/// <param name="selection">Thresholds and limits.</param>
/// <param name="temperature">Of the scores that are told.</param>
internal sealed class Explainer(EncodedVocabulary vocabulary, int concept, SelectionOptions selection, double temperature)
{
    private PhrasePlan Plan => vocabulary.Plan;

    private string Label => vocabulary.Labels[concept];

    private float Threshold => vocabulary.Concepts[concept].Threshold ?? selection.ScoreThreshold;

    /// <summary>What became of the best candidates.</summary>
    public IReadOnlyList<ExplainedCandidate> Explain(IReadOnlyList<ScoredView> views, int count)
    {
        var detections = Detect(views);
        var candidates = views.SelectMany(Candidates).Where(c => c.Box.Area > 0);
        return [.. candidates.OrderByDescending(c => c.Score).Take(count).Select(c => Explain(c.Box, c.Score, c.Phrases, detections, isTiled: views.Count > 1))];
    }

    /// <summary>The other concept whose embedding points most nearly the same way, and the cosine.</summary>
    /// <param name="width">The numbers of an embedding that are a direction.</param>
    public (string? Label, float Cosine) Nearest(int width)
    {
        var rows = vocabulary.Embeddings.Chunk(vocabulary.Embeddings.Length / Plan.PhraseCount).Select(row => row[..width]).ToArray(); // [P, D]
        var own = rows[Plan.Own[concept][0]];
        return Enumerable.Range(0, vocabulary.Concepts.Count).Where(k => k != concept)
            .Select(k => ((string?)vocabulary.Concepts[k].Name, Cosine: Plan.Own[k].Max(phrase => Cosine(rows[phrase], own))))
            .OrderByDescending(other => other.Cosine).FirstOrDefault();
    }

    private static float Cosine(float[] a, float[] b) => Vectors.Dot(a, b) / MathF.Max(Vectors.Length(a) * Vectors.Length(b), float.Epsilon);

    private DetectionList Detect(IReadOnlyList<ScoredView> views)
    {
        var selector = new DetectionSelector(vocabulary, selection);
        foreach (var view in views) selector.Add(view.Boxes, view.Scores, view.Tile, isOnly: views.Count == 1);
        return selector.Select();
    }

    private IEnumerable<(Box Box, float Score, float[] Phrases)> Candidates(ScoredView view) =>
        view.Scores.Chunk(Plan.PhraseCount).Zip(view.Boxes, (phrases, box) => (box, ScoreOf(concept, phrases), phrases));

    private float ScoreOf(int which, float[] phrases) => Plan.Own[which].Max(phrase => phrases[phrase]);

    private ExplainedCandidate Explain(Box box, float score, float[] phrases, DetectionList detections, bool isTiled)
    {
        var other = Enumerable.Range(0, vocabulary.Concepts.Count).Where(k => k != concept).DefaultIfEmpty(-1).MaxBy(k => k < 0 ? 0 : ScoreOf(k, phrases));
        var isNegative = Plan.Negatives[concept].Select(p => phrases[p]).DefaultIfEmpty().Max() > score;
        var (outcome, by) = Outcome(box, score, isNegative, detections, isTiled);
        return new(box, Told(score), outcome, by is null ? null : by with { Score = Told(by.Score) }, by?.Box.IoU(box) ?? 0,
            other < 0 ? null : vocabulary.Concepts[other].Name, other < 0 ? 0 : Told(ScoreOf(other, phrases)));
    }

    private float Told(float score) => ScoreTemperature.Apply(score, temperature);

    private (CandidateOutcome, Detection?) Outcome(Box box, float score, bool isNegative, DetectionList detections, bool isTiled)
    {
        if (detections.FirstOrDefault(d => d.Label == Label && d.Box == box) is { } itself) return (CandidateOutcome.Detected, itself);
        if (!(score > Threshold)) return (CandidateOutcome.BelowThreshold, null);
        if (isNegative) return (CandidateOutcome.Negative, null);
        if (!isTiled && !selection.Fits(box)) return (CandidateOutcome.TooSmall, null);
        var rivals = detections.Where(Meets).Where(d => d.Score >= score || selection.Kind != NmsKind.Hard || isTiled || d.Label != Label).ToArray();
        var least = selection.Kind == NmsKind.SoftGaussian ? 0 : selection.IouThreshold;
        if (rivals.FirstOrDefault(d => d.Box.IoU(box) > least) is { } better) return (CandidateOutcome.Suppressed, better);
        // A box of one tile may have gone with one that went itself, or become a part of a larger one.
        var nearest = rivals.MaxBy(d => d.Box.IoU(box));
        return isTiled && nearest?.Box.IoU(box) > 0 ? (CandidateOutcome.Joined, nearest) : (CandidateOutcome.BeyondLimit, null);
    }

    // Whether a detection may stand in the place of a candidate: by suppression, or as a more special concept.
    private bool Meets(Detection detection)
    {
        var other = vocabulary.Labels.Index().First(l => l.Item == detection.Label).Index;
        return Plan.IsAncestor(concept, other) || selection.Scope switch
        {
            NmsScope.All => true,
            NmsScope.Group => vocabulary.Groups[other] == vocabulary.Groups[concept],
            _ => other == concept,
        };
    }
}
