using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Why a concept was found in an image, or was not; see <see cref="OpenVocabularyDetectionTransformer.Explain"/>. <see cref="ToString"/> tells it in words.</summary>
public sealed record DetectionExplanation
{
    /// <summary>What was asked for.</summary>
    public required string Label { get; init; }

    /// <summary>Whether the detector looks for it anyway; if not, it was looked for in addition, which changes no other score.</summary>
    public required bool IsInVocabulary { get; init; }

    /// <summary>Scores must be above this: the concept's own threshold, or the one for all.</summary>
    public required float ScoreThreshold { get; init; }

    /// <summary>The places where the concept scores best, best first.</summary>
    public required IReadOnlyList<ExplainedCandidate> Candidates { get; init; }

    /// <summary>The other concept of the vocabulary that the text encoder finds most like it; null when there is no other.</summary>
    public string? NearestLabel { get; init; }

    /// <summary>Cosine of the embeddings of the two, −1 to 1.</summary>
    public float NearestCosine { get; init; }

    /// <summary>The explanation as text: a line of summary, and one for each candidate.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var found = Candidates.Count(c => c.Outcome == CandidateOutcome.Detected);
        text.Append(CultureInfo.InvariantCulture, $"'{Label}': ").Append(Candidates switch
        {
            [] => "the detector proposes no region at all.",
            _ when found > 0 => string.Create(CultureInfo.InvariantCulture, $"{found} of the best {Candidates.Count} candidates are detections."),
            [var best, ..] when best.Score <= ScoreThreshold =>
                string.Create(CultureInfo.InvariantCulture, $"not found; its best score {best.Score:0.###} is not above the threshold {ScoreThreshold:0.###}."),
            _ => "not found, though it scores above the threshold.",
        });
        if (!IsInVocabulary) text.Append(" It is not in the vocabulary, and was looked for in addition.");
        if (NearestLabel is not null) text.Append(CultureInfo.InvariantCulture, $" The most similar other concept is '{NearestLabel}' (cosine {NearestCosine:0.00}).");
        foreach (var candidate in Candidates) text.AppendLine().Append("  ").Append(candidate);
        return text.ToString();
    }
}

/// <summary>A place where a concept may be.</summary>
/// <param name="Box">In pixels of the original image.</param>
/// <param name="Score">The network's score of its best phrase, before any suppression.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="By">The detection that stands in its place; null where there is none.</param>
/// <param name="IoU">Overlap with that detection, 0 to 1.</param>
/// <param name="OtherLabel">The other concept of the vocabulary that scores best in the same place; null when there is no other.</param>
/// <param name="OtherScore">Its score.</param>
public sealed record ExplainedCandidate(Box Box, float Score, CandidateOutcome Outcome, Detection? By, float IoU, string? OtherLabel, float OtherScore)
{
    /// <summary>The candidate in a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Score:0.000} at {Box.X0:0},{Box.Y0:0} to {Box.X1:0},{Box.Y1:0}: ").Append(Outcome switch
        {
            CandidateOutcome.Detected => "detected",
            CandidateOutcome.BelowThreshold => "not above the score threshold",
            CandidateOutcome.Negative => "one of its negatives scores higher",
            CandidateOutcome.TooSmall => "smaller than MinSize",
            CandidateOutcome.Suppressed => "suppressed by",
            CandidateOutcome.Joined => "joined with other parts into",
            _ => "beyond MaxDetections",
        });
        if (Outcome is CandidateOutcome.Suppressed or CandidateOutcome.Joined && By is not null)
            text.Append(CultureInfo.InvariantCulture, $" '{By.Label}' {By.Score:0.000} at {By.Box.X0:0},{By.Box.Y0:0} to {By.Box.X1:0},{By.Box.Y1:0} (IoU {IoU:0.00})");
        if (OtherLabel is not null) text.Append(CultureInfo.InvariantCulture, $"; '{OtherLabel}' scores {OtherScore:0.000} here");
        return text.ToString();
    }
}

/// <summary>What became of a candidate.</summary>
public enum CandidateOutcome
{
    /// <summary>It is a detection.</summary>
    Detected,

    /// <summary>Its score is not above the threshold.</summary>
    BelowThreshold,

    /// <summary>A negative of the concept scores higher in the same place.</summary>
    Negative,

    /// <summary>A side is below the least size.</summary>
    TooSmall,

    /// <summary>A better box that overlaps it stands in its place.</summary>
    Suppressed,

    /// <summary>It is a part of an object that a tile has cut.</summary>
    Joined,

    /// <summary>There are enough better detections.</summary>
    BeyondLimit,
}
