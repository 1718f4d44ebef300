using System.Collections.Concurrent;

namespace Microsoft.ML.DetClip;

/// <summary>Embeddings of sentences in memory; when there are too many, those that were not asked for the longest are forgotten. Thread-safe.</summary>
/// <param name="capacity">The most that are kept between calls; a call that needs more at once gets them.</param>
internal sealed class EmbeddingMemory(int capacity)
{
    private readonly ConcurrentDictionary<string, Entry> _entries = new();
    private readonly Lock _trimming = new();
    private long _time;

    public int Count => _entries.Count;

    /// <summary>The embedding of a sentence, [D]; null when it is not known. What is asked for is young again.</summary>
    public float[]? Find(string sentence)
    {
        if (!_entries.TryGetValue(sentence, out var entry)) return null;
        entry.LastUse = Interlocked.Increment(ref _time);
        return entry.Embedding;
    }

    /// <summary>Remembers an embedding, [D], which is kept, not copied.</summary>
    public void Keep(string sentence, float[] embedding) => _entries[sentence] = new(embedding) { LastUse = Interlocked.Increment(ref _time) };

    /// <summary>Forgets the oldest when there are more than the capacity; then there is room for a quarter of it, so that this is rare.</summary>
    public void Trim()
    {
        if (_entries.Count <= capacity) return;
        lock (_trimming)
        {
            if (_entries.Count <= capacity) return;
            var oldest = _entries.Select(e => (e.Key, e.Value.LastUse)).OrderBy(e => e.LastUse).ToArray();
            foreach (var (sentence, _) in oldest.Take(oldest.Length - capacity * 3 / 4)) _entries.TryRemove(sentence, out _);
        }
    }

    private sealed class Entry(float[] embedding)
    {
        private long _lastUse;

        public float[] Embedding => embedding;

        public long LastUse
        {
            get => Volatile.Read(ref _lastUse);
            set => Volatile.Write(ref _lastUse, value);
        }
    }
}
