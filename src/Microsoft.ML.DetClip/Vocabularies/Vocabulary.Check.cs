namespace Microsoft.ML.DetClip;

public sealed partial class Vocabulary
{
    /// <summary>Cosine of two embeddings at which the text encoder hardly tells them apart.</summary>
    internal const double DefaultSimilarity = 0.95;

    /// <summary>What may go wrong with these names, as far as spelling shows: near-duplicates, names inside of names, words that stand for two concepts.</summary>
    /// <returns>Kind by kind, in the order of the concepts; none when all is well.</returns>
    public IReadOnlyList<VocabularyWarning> Check() => [.. VocabularyCheck.Spelling(this, comparesLetters: true)];

    /// <summary>What may go wrong with these names in a detector: what <see cref="Check()"/> finds, names that its text encoder hardly tells apart, cut texts, and words in pieces.</summary>
    /// <param name="model">The detector; of its two graphs only that of texts is opened.</param>
    /// <param name="similarity">Two concepts are near-duplicates when the cosine of their embeddings is at least this; −1 to 1.</param>
    /// <returns>Kind by kind, in the order of the concepts; none when all is well.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="similarity"/> is out of range.</exception>
    /// <exception cref="InvalidDataException">The text graph cannot be run or is of another contract.</exception>
    public IReadOnlyList<VocabularyWarning> Check(DetectorModel model, double similarity = DefaultSimilarity)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var texts = TextEncoder.Open(model, SessionDevice.Cpu, _ => { });
        return Check(texts, new(_ => { }) { TellsCuts = false }, similarity);
    }

    /// <summary>What may go wrong with these names in a detector; see <see cref="Check(DetectorModel, double)"/>. Texts that it has encoded before are not encoded again.</summary>
    /// <param name="detector">The detector.</param>
    /// <param name="similarity">Two concepts are near-duplicates when the cosine of their embeddings is at least this; −1 to 1.</param>
    /// <returns>Kind by kind, in the order of the concepts; none when all is well.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="similarity"/> is out of range.</exception>
    /// <exception cref="ObjectDisposedException">The detector has been disposed.</exception>
    public IReadOnlyList<VocabularyWarning> Check(OpenVocabularyDetectionTransformer detector, double similarity = DefaultSimilarity)
    {
        ArgumentNullException.ThrowIfNull(detector);
        using var session = detector.OpenSession();
        return Check(session.Value.Texts, detector.Notes with { TellsCuts = false }, similarity);
    }

    private IReadOnlyList<VocabularyWarning> Check(TextEncoder texts, EncodingNotes notes, double similarity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(similarity, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(similarity, 1);
        var embeddings = texts.Encode([.. this.Select(concept => concept.Sentence)], notes); // [K, D]
        return
        [
            .. VocabularyCheck.Spelling(this, comparesLetters: false),
            .. EmbeddingCheck.NearDuplicates(this, embeddings, similarity),
            .. TokenCheck.Cut(this, texts.Tokenizer, texts.Length),
            .. TokenCheck.Shattered(this, texts.Tokenizer),
        ];
    }
}
