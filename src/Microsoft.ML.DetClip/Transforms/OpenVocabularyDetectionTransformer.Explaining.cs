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
        var own = Options.Labels;
        var known = own.Index().Where(c => WordForms.Fold(c.Item.Name) == WordForms.Fold(label)).Select(c => c.Index).DefaultIfEmpty(-1).First();
        Concept[] all = known >= 0 ? [.. own] : [.. own, new(label)];
        var vocabulary = WithOffsets(session.Value.Encode(ScoreTemperature.Undo(all, Options.Temperature), Notes));
        var concept = known >= 0 ? known : own.Count;
        var explainer = new Explainer(vocabulary, concept, Plan.Selection, Options.Temperature);
        var nearest = explainer.Nearest(Manifest.Scoring?.ConceptBias == true ? Manifest.EmbeddingWidth - 1 : Manifest.EmbeddingWidth);
        return new()
        {
            Label = all[concept].Name, IsInVocabulary = known >= 0, ScoreThreshold = all[concept].Threshold ?? Options.ScoreThreshold,
            Candidates = explainer.Explain(Score(session.Value, image, vocabulary), count), NearestLabel = nearest.Label, NearestCosine = nearest.Cosine,
        };
    }

    private IReadOnlyList<ScoredView> Score(DetectorSession session, MLImage image, EncodedVocabulary vocabulary) => Options.RegionsColumnName is null
        ? BatchDetector.Score(session, image, vocabulary, Plan)
        : BatchDetector.FindRegions(session, [image], Plan)[0].ScoreViews(vocabulary);
}
