using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>The words of a corpus as symbols, and how often each pair of neighbours occurs in them.</summary>
internal sealed class PairCounts
{
    private readonly IReadOnlyList<string> _symbols;
    private readonly List<(int[] Symbols, long Count)> _words;
    private readonly Dictionary<(int Left, int Right), Occurrences> _pairs = [];
    private readonly PriorityQueue<(int Left, int Right), Rank> _queue = new();

    /// <param name="symbols">The vocabulary's symbols by id; grows while merges are learned.</param>
    /// <param name="words">Each word and how often it occurs.</param>
    public PairCounts(IReadOnlyList<string> symbols, IReadOnlyDictionary<string, long> words)
    {
        _symbols = symbols;
        _words = [.. words.Select(word => (ToSymbols(word.Key), word.Value))];
        for (var w = 0; w < _words.Count; w++) Count(w, sign: +1);
        foreach (var pair in _pairs.Keys) Enqueue(pair);
    }

    /// <summary>The pair that occurs most often, at least twice; each pair is given once. Null where none is left.</summary>
    public (int Left, int Right)? TakeMostFrequent()
    {
        while (_queue.TryDequeue(out var pair, out var rank))
        {
            var count = _pairs[pair].Count;
            if (count == rank.Count) return pair;
            if (count > 1) Enqueue(pair); // it occurs less often than when it was queued
        }
        return null;
    }

    /// <summary>Puts the product, a new symbol, in the place of the pair in every word.</summary>
    public void Merge((int Left, int Right) pair, int product)
    {
        var born = new HashSet<(int, int)>();
        foreach (var w in _pairs[pair].Words.ToArray())
        {
            var merged = Replace(_words[w].Symbols, pair, product);
            if (merged.Length == _words[w].Symbols.Length) continue; // the pair has gone from this word
            Count(w, sign: -1);
            _words[w] = (merged, _words[w].Count);
            Count(w, sign: +1);
            born.UnionWith(Neighbours(merged).Where(p => p.Left == product || p.Right == product));
        }
        foreach (var neighbours in born) Enqueue(neighbours);
    }

    private void Count(int w, int sign)
    {
        var (symbols, count) = _words[w];
        foreach (var pair in Neighbours(symbols))
        {
            if (!_pairs.TryGetValue(pair, out var occurrences)) _pairs[pair] = occurrences = new();
            occurrences.Count += sign * count;
            if (sign > 0) occurrences.Words.Add(w); // and stays when the pair goes from the word: looking there in vain is cheap
        }
    }

    private void Enqueue((int Left, int Right) pair)
    {
        if (_pairs[pair].Count is > 1 and var count) _queue.Enqueue(pair, new(count, _symbols[pair.Left], _symbols[pair.Right]));
    }

    private static IEnumerable<(int Left, int Right)> Neighbours(int[] symbols)
    {
        for (var i = 1; i < symbols.Length; i++) yield return (symbols[i - 1], symbols[i]);
    }

    private static int[] Replace(int[] symbols, (int Left, int Right) pair, int product)
    {
        var result = new List<int>(symbols.Length);
        for (var i = 0; i < symbols.Length; i++)
        {
            var isPair = symbols[i] == pair.Left && i + 1 < symbols.Length && symbols[i + 1] == pair.Right;
            result.Add(isPair ? product : symbols[i]);
            if (isPair) i++;
        }
        return [.. result];
    }

    private static int[] ToSymbols(string word)
    {
        int[] symbols = [.. Encoding.UTF8.GetBytes(word).Select(ByteSymbols.IdOf)];
        symbols[^1] += 256; // the byte that ends the word
        return symbols;
    }

    private sealed class Occurrences
    {
        public long Count { get; set; }

        public HashSet<int> Words { get; } = [];
    }

    /// <summary>Comes first where the pair is more frequent; ties by the symbols' order.</summary>
    private readonly record struct Rank(long Count, string Left, string Right) : IComparable<Rank>
    {
        public int CompareTo(Rank other)
        {
            if (Count != other.Count) return other.Count.CompareTo(Count);
            var byLeft = string.CompareOrdinal(Left, other.Left);
            return byLeft != 0 ? byLeft : string.CompareOrdinal(Right, other.Right);
        }
    }
}
