using System.Collections.Concurrent;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Token ids of concepts as the text encoder takes them: one row of fixed length each. Concepts that come again are tokenized once. Thread-safe.</summary>
/// <param name="tokenizer">Must be thread-safe.</param>
/// <param name="length">T: tokens of a row, marks included; longer sentences are cut and keep their end mark.</param>
internal sealed class SentenceTokens(ITextTokenizer tokenizer, int length)
{
    private const int MostKept = 200_000; // captions seldom come again, and there may be millions

    private readonly ConcurrentDictionary<Concept, TokenizedText> _rows = [];
    private int _kept;

    /// <summary>T: tokens of a row.</summary>
    public int Length => length;

    /// <summary>The ids of one concept after another, zeros after each end mark: [K · T].</summary>
    public long[] Of(IReadOnlyList<Concept> concepts)
    {
        var all = new long[concepts.Count * length];
        foreach (var (k, concept) in concepts.Index())
            foreach (var (t, id) in RowOf(concept).Ids.Index()) all[k * length + t] = id;
        return all;
    }

    /// <summary>The row of one concept, and what of its sentence found no room.</summary>
    public TokenizedText RowOf(Concept concept)
    {
        if (_rows.TryGetValue(concept, out var row)) return row;
        row = tokenizer.EncodePadded(concept.Sentence, length);
        if (_kept < MostKept && _rows.TryAdd(concept, row)) Interlocked.Increment(ref _kept);
        return row;
    }
}
