using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Sentences to concept embeddings by the text graph, each sentence once: results are kept. Thread-safe.</summary>
internal sealed class TextEncoder(ITextTokenizer tokenizer, DetectorManifest manifest, Func<InferenceSession> openSession) : IDisposable
{
    /// <summary>Sentences that one call of the graph encodes; bounds its memory.</summary>
    public const int BatchSize = 64;

    /// <summary>Kept embeddings; when there are more, all are forgotten. 32 MB at D = 512.</summary>
    public const int MaxKept = 16_384;

    private static readonly string[] InputNames = [DetectorContract.Tokens];
    private static readonly string[] OutputNames = [DetectorContract.Concepts];

    private readonly ConcurrentDictionary<string, ReadOnlyMemory<float>> _kept = new();
    private readonly Lazy<InferenceSession> _session = new(openSession);

    /// <summary>The embeddings of sentences, in their order.</summary>
    /// <param name="sentences">What the text encoder reads.</param>
    /// <param name="warn">Called with a sentence of its own for each text that had to be cut.</param>
    /// <returns>[K, D], row by row.</returns>
    public float[] Encode(IReadOnlyList<string> sentences, Action<string> warn)
    {
        if (_kept.Count > MaxKept) _kept.Clear();
        var rows = sentences.Distinct().ToDictionary(s => s, s => _kept.GetValueOrDefault(s));
        foreach (var batch in rows.Where(r => r.Value.IsEmpty).Select(r => r.Key).Chunk(BatchSize))
            foreach (var (sentence, embedding) in batch.Zip(Run(batch, warn)))
                rows[sentence] = _kept[sentence] = embedding;
        return Concatenate(sentences, rows);
    }

    /// <summary>Takes over what was encoded before by the same text encoder.</summary>
    /// <param name="sentences">K sentences.</param>
    /// <param name="embeddings">[K, D], row by row.</param>
    public void Keep(IReadOnlyList<string> sentences, ReadOnlyMemory<float> embeddings)
    {
        for (var k = 0; k < sentences.Count; k++) _kept[sentences[k]] = embeddings.Slice(k * manifest.EmbeddingWidth, manifest.EmbeddingWidth);
    }

    public void Dispose()
    {
        if (_session.IsValueCreated) _session.Value.Dispose();
    }

    private IEnumerable<ReadOnlyMemory<float>> Run(string[] sentences, Action<string> warn)
    {
        var tokens = tokenizer.EncodePadded(sentences, manifest.TextLength, (k, cut) =>
            warn($"'{sentences[k]}' is longer than the {manifest.TextLength} tokens that the text encoder reads; it does not see '{cut.LostText}'.")); // [K, T]
        using var input = OrtValue.CreateTensorValueFromMemory(tokens, [sentences.Length, manifest.TextLength]);
        using var options = new RunOptions();
        using var outputs = _session.Value.Run(options, InputNames, [input], OutputNames);
        var rows = outputs[0].GetTensorDataAsSpan<float>().ToArray(); // [K, D]
        return Enumerable.Range(0, sentences.Length).Select(k => new ReadOnlyMemory<float>(rows, k * manifest.EmbeddingWidth, manifest.EmbeddingWidth));
    }

    private float[] Concatenate(IReadOnlyList<string> sentences, Dictionary<string, ReadOnlyMemory<float>> rows)
    {
        var all = new float[sentences.Count * manifest.EmbeddingWidth]; // [K, D]
        for (var k = 0; k < sentences.Count; k++) rows[sentences[k]].CopyTo(all.AsMemory(k * manifest.EmbeddingWidth));
        return all;
    }
}
