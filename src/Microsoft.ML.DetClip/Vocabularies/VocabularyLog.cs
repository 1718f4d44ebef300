namespace Microsoft.ML.DetClip;

/// <summary>Tells of a vocabulary's warnings when a detector gets it.</summary>
internal static class VocabularyLog
{
    /// <summary>More than these are counted, not told.</summary>
    private const int MaxTold = 20;

    /// <summary>Above it, pairs of embeddings are left to <c>Vocabulary.Check</c>: a swap of names takes milliseconds.</summary>
    private const int MaxCompared = 256;

    /// <summary>Checks an encoded vocabulary and tells what was found.</summary>
    public static void Tell(EncodedVocabulary vocabulary, ITextTokenizer tokenizer, int textLength, Action<string> warn)
    {
        VocabularyWarning[] warnings = [.. TokenCheck.Find(vocabulary.Concepts, tokenizer, textLength), .. VocabularyCheck.Spelling(vocabulary.Concepts, comparesLetters: false), .. Compared(vocabulary)];
        foreach (var warning in warnings.Take(MaxTold)) warn(warning.Message);
        if (warnings.Length > MaxTold) warn($"There are {warnings.Length - MaxTold} more warnings of the vocabulary; Vocabulary.Check tells them all.");
    }

    private static IEnumerable<VocabularyWarning> Compared(EncodedVocabulary vocabulary)
    {
        var (concepts, rows) = (vocabulary.Concepts, vocabulary.SentenceEmbeddings);
        if (concepts.Count > MaxCompared) return [];
        var width = rows.Length / vocabulary.Plan.Sentences.Count;
        var places = vocabulary.Plan.Sentences.Index().ToDictionary(s => s.Item, s => s.Index);
        float[] embeddings = [.. concepts.SelectMany(c => rows.AsSpan(places[c.Sentence] * width, width).ToArray())]; // [K, D]
        return EmbeddingCheck.NearDuplicates(concepts, embeddings, Vocabulary.DefaultSimilarity);
    }
}
