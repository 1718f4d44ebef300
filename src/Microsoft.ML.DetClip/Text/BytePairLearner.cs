namespace Microsoft.ML.DetClip;

/// <summary>Learns a byte-pair vocabulary from texts, for use where CLIP's is not at hand (Sennrich et al. 2016, algorithm 1, over bytes).</summary>
public static class BytePairLearner
{
    /// <summary>Merges the most frequent pair of symbols inside words, again and again.</summary>
    /// <param name="corpus">Texts such as captions and class names; read once.</param>
    /// <param name="mergeCount">The most merges to learn, 0 to 48894; fewer come out where no pair is left that occurs twice.</param>
    /// <returns>A tokenizer that depends on nothing but the corpus's words and their number; ties go to the pair that sorts first.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="mergeCount"/> is out of range.</exception>
    public static ClipTokenizer Learn(IEnumerable<string> corpus, int mergeCount)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentOutOfRangeException.ThrowIfNegative(mergeCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mergeCount, ClipVocabulary.MaxMerges);
        var vocabulary = new ClipVocabulary();
        var pairs = new PairCounts(vocabulary.Symbols, CountWords(corpus));
        while (vocabulary.Merges.Count < mergeCount && pairs.TakeMostFrequent() is { } pair)
        {
            var (left, right) = (vocabulary.Symbols[pair.Left], vocabulary.Symbols[pair.Right]);
            if (vocabulary.Ids.ContainsKey(left + right)) continue; // the same symbol by another way would leave an id that nothing uses
            vocabulary.TryAdd(left, right);
            pairs.Merge(pair, product: vocabulary.Symbols.Count - 1);
        }
        return new(vocabulary);
    }

    private static Dictionary<string, long> CountWords(IEnumerable<string> corpus)
    {
        var counts = new Dictionary<string, long>();
        var byText = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var text in corpus)
        {
            var cleaned = ClipText.Clean(text);
            foreach (var (offset, length) in ClipText.Split(cleaned))
            {
                var word = cleaned.AsSpan(offset, length);
                byText[word] = byText.TryGetValue(word, out var count) ? count + 1 : 1;
            }
        }
        counts.Remove(ClipText.StartMark);
        counts.Remove(ClipText.EndMark);
        return counts;
    }
}
