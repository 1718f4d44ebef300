using System.Collections.Concurrent;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Token ids of concepts as the text encoder takes them: one row of fixed length each. Every concept is tokenized once. Thread-safe.</summary>
/// <param name="tokenizer">Used by one thread at a time.</param>
/// <param name="length">T: tokens of a row, marks included; longer sentences are cut and keep their end mark.</param>
internal sealed class SentenceTokens(ITextTokenizer tokenizer, int length)
{
    private readonly ConcurrentDictionary<Concept, long[]> _rows = [];

    /// <summary>The ids of one concept after another, zeros after each end mark: [K · T].</summary>
    public long[] Of(IReadOnlyList<Concept> concepts)
    {
        var all = new long[concepts.Count * length];
        foreach (var (i, concept) in concepts.Index()) RowOf(concept).CopyTo(all, i * length);
        return all;
    }

    /// <summary>True when the sentence is longer than a row, so that its end is never read.</summary>
    public bool IsCut(Concept concept) => Encode(concept).Count > length;

    private long[] RowOf(Concept concept) => _rows.GetOrAdd(concept, c =>
    {
        var ids = Encode(c);
        var row = new long[length];
        for (var t = 0; t < Math.Min(length, ids.Count); t++) row[t] = ids[t];
        if (ids.Count > length) row[^1] = ids[^1];
        return row;
    });

    private IReadOnlyList<int> Encode(Concept concept)
    {
        lock (tokenizer) return tokenizer.Encode(concept.Sentence);
    }
}
