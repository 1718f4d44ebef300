using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

public sealed partial class OpenVocabularyDetectionTransformer
{
    /// <summary>Why a concept is found in an image, or is not: its best candidates, what became of each, and what rivals it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="label">The name; one that is not in the vocabulary is looked for in addition.</param>
    /// <param name="count">The most candidates to tell of. At least 1.</param>
    /// <exception cref="ArgumentException">The label is blank, or the count below 1.</exception>
    /// <exception cref="ObjectDisposedException">This transformer has been disposed.</exception>
    public DetectionExplanation Explain(MLImage image, string label, int count = 10)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var session = OpenSession();
        var own = _vocabulary?.Concepts ?? [];
        var known = own.Index().Where(c => c.Item.Name.Trim().Equals(label.Trim(), StringComparison.OrdinalIgnoreCase)).Select(c => c.Index).DefaultIfEmpty(-1).First();
        var vocabulary = known >= 0 ? Vocabulary : session.Value.Encode([.. own, new Concept(label)], Warn);
        var explainer = new Explainer(vocabulary, known >= 0 ? known : own.Count, Plan.Selection);
        var nearest = explainer.Nearest(Manifest.Scoring?.ConceptBias == true ? Manifest.EmbeddingWidth - 1 : Manifest.EmbeddingWidth);
        return new()
        {
            Label = known >= 0 ? own[known].Name : label, IsInVocabulary = known >= 0, ScoreThreshold = Options.ScoreThreshold,
            Candidates = explainer.Explain(Score(session.Value, image, vocabulary), count), NearestLabel = nearest.Label, NearestCosine = nearest.Cosine,
        };
    }

    private IReadOnlyList<ScoredView> Score(DetectorSession session, MLImage image, Vocabulary vocabulary) => Options.RegionsColumnName is null
        ? BatchDetector.Score(session, image, vocabulary, Plan)
        : BatchDetector.FindRegions(session, [image], Plan)[0].ScoreViews(vocabulary);
}
