namespace Microsoft.ML.DetClip;

/// <summary>Tells of a vocabulary's warnings when a detector gets it; quick, for names may be swapped at every key that a user presses.</summary>
internal static class VocabularyLog
{
    private const int MaxOfKind = 10;

    /// <summary>Above it, pairs of embeddings are left to <c>Vocabulary.Check</c>.</summary>
    private const int MaxCompared = 256;

    /// <summary>Checks an encoded vocabulary and tells what was found, the first few of each kind.</summary>
    public static void Tell(EncodedVocabulary vocabulary, ITextTokenizer tokenizer, int textLength, Action<string> warn)
    {
        IEnumerable<VocabularyWarning>[] kinds =
        [
            TokenCheck.Cut(vocabulary.Concepts, tokenizer, textLength), TokenCheck.Shattered(vocabulary.Concepts, tokenizer),
            .. VocabularyCheck.Spelling(vocabulary.Concepts, comparesLetters: false).GroupBy(w => w.Kind), Compared(vocabulary),
        ];
        foreach (var kind in kinds)
        {
            var warnings = kind.Take(MaxOfKind + 1).ToArray(); // no more are looked for
            foreach (var warning in warnings.Take(MaxOfKind)) warn(warning.Message);
            if (warnings.Length > MaxOfKind) warn("There are more names like these; Vocabulary.Check tells them all.");
        }
    }

    private static IEnumerable<VocabularyWarning> Compared(EncodedVocabulary vocabulary)
    {
        var (concepts, rows) = (vocabulary.Concepts, vocabulary.SentenceEmbeddings);
        if (concepts.Count > MaxCompared) return [];
        var width = rows.Length / vocabulary.Plan.Sentences.Count;
        var places = vocabulary.Plan.Sentences.Index().ToDictionary(s => s.Item, s => s.Index);
        float[] embeddings = [.. concepts.SelectMany(c => rows.AsSpan(places[PhrasePlan.KeyOf(c)] * width, width).ToArray())]; // [K, D]
        return EmbeddingCheck.NearDuplicates(concepts, embeddings, Vocabulary.DefaultSimilarity);
    }
}
