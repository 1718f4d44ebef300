using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Sentences to concept embeddings by the text graph, each sentence once: results are kept. Thread-safe.</summary>
/// <remarks>S sentences, T tokens, D embedding width.</remarks>
internal sealed class TextEncoder(ITextTokenizer tokenizer, DetectorManifest manifest, Func<InferenceSession> openSession) : IDisposable
{
    /// <summary>Sentences that one call of the graph encodes; bounds its memory.</summary>
    public const int BatchSize = 64;

    /// <summary>Embeddings in memory; 32 MB at D = 512.</summary>
    public const int MaxKept = 16_384;

    private static readonly string[] InputNames = [DetectorContract.Tokens];
    private static readonly string[] OutputNames = [DetectorContract.Concepts];

    private readonly EmbeddingMemory _memory = new(MaxKept);
    private readonly Lazy<InferenceSession> _session = new(openSession);

    public ITextTokenizer Tokenizer => tokenizer;

    /// <summary>T.</summary>
    public int Length => manifest.TextLength;

    /// <summary>The text encoder of a detector; its graph is opened when a text must be encoded.</summary>
    public static TextEncoder Open(DetectorModel model, SessionDevice device, Action<string> warn)
    {
        using var merges = new MemoryStream(model.Tokenizer);
        return new(ClipTokenizer.Read(merges), model.Manifest, () => GraphContract.Checked(device.CreateSession(model.TextGraph, DetectorContract.TextGraphFile, warn, out _),
            s => GraphContract.CheckTextGraph(s, model.Manifest.EmbeddingWidth, model.Manifest.TextLength)));
    }

    /// <summary>The embeddings of sentences, in their order.</summary>
    /// <param name="sentences">What the text encoder reads.</param>
    /// <param name="notes">Whom to tell, and where else to remember.</param>
    /// <returns>[S, D], row by row.</returns>
    public float[] Encode(IReadOnlyList<string> sentences, EncodingNotes notes)
    {
        var folder = notes.CacheFolder is null ? null : new EmbeddingFolder(notes.CacheFolder, manifest.TextEncoderHash, manifest.EmbeddingWidth, notes.Warn);
        var rows = new Dictionary<string, float[]>();
        foreach (var sentence in sentences)
            if (_memory.Find(sentence) is { } row) rows[sentence] = row;
        if (folder is not null) ReadFrom(folder, sentences, rows);
        foreach (var batch in sentences.Distinct().Where(s => !rows.ContainsKey(s)).Chunk(BatchSize).ToArray())
            foreach (var (sentence, embedding) in batch.Zip(Run(batch, notes)))
            {
                _memory.Keep(sentence, rows[sentence] = embedding);
                folder?.Keep(sentence, embedding);
            }
        _memory.Trim();
        return Concatenate(sentences, rows);
    }

    /// <summary>Takes over what was encoded before by the same text encoder.</summary>
    /// <param name="sentences">S sentences.</param>
    /// <param name="embeddings">[S, D], row by row.</param>
    public void Keep(IReadOnlyList<string> sentences, ReadOnlyMemory<float> embeddings)
    {
        for (var s = 0; s < sentences.Count; s++) _memory.Keep(sentences[s], embeddings.Slice(s * manifest.EmbeddingWidth, manifest.EmbeddingWidth).ToArray());
    }

    public void Dispose()
    {
        if (_session.IsValueCreated) _session.Value.Dispose();
    }

    private void ReadFrom(EmbeddingFolder folder, IReadOnlyList<string> sentences, Dictionary<string, float[]> rows)
    {
        foreach (var sentence in sentences.Distinct().Where(s => !rows.ContainsKey(s)))
            if (folder.Find(sentence) is { } row) _memory.Keep(sentence, rows[sentence] = row);
    }

    private IEnumerable<float[]> Run(string[] sentences, EncodingNotes notes)
    {
        var tokens = tokenizer.EncodePadded(sentences, manifest.TextLength, (s, cut) =>
        {
            if (notes.TellsCuts) notes.Warn(DescribeCut(sentences[s], cut, manifest.TextLength));
        }); // [S, T]
        using var input = OrtValue.CreateTensorValueFromMemory(tokens, [sentences.Length, manifest.TextLength]);
        using var options = new RunOptions();
        using var outputs = _session.Value.Run(options, InputNames, [input], OutputNames);
        return [.. outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk(manifest.EmbeddingWidth)]; // S rows of [D]
    }

    /// <summary>What a user should know of a text that is too long.</summary>
    public static string DescribeCut(string sentence, TokenizedText cut, int length) =>
        $"'{sentence}' is longer than the {length} tokens that the text encoder reads; it does not see '{cut.LostText}'.";

    private float[] Concatenate(IReadOnlyList<string> sentences, Dictionary<string, float[]> rows)
    {
        var all = new float[sentences.Count * manifest.EmbeddingWidth]; // [S, D]
        for (var s = 0; s < sentences.Count; s++) rows[sentences[s]].CopyTo(all.AsSpan(s * manifest.EmbeddingWidth));
        return all;
    }
}
