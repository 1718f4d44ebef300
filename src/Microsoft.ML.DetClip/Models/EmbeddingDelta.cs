using System.Runtime.InteropServices;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>What training of <c>FineTuningMode.OffsetsOnly</c> or <c>ClosedSet</c> learned: an offset for the embedding of each fine-tuned name. Kilobytes, over a detector that stays as it is.</summary>
/// <remarks>
/// F names, D embedding width. Other names keep their embeddings, and so their scores, to the bit. It fits the very network that it was learned with, and no other.
/// The file is JSON; each offset is D numbers, float32, little-endian, in Base64: D · 16 / 3 bytes, about 2.7 kB at D = 512.
/// </remarks>
public sealed class EmbeddingDelta
{
    /// <summary>Version written into new files; readers accept this version.</summary>
    public const int FormatVersion = 1;

    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    private readonly Dictionary<string, float[]> _offsets;

    /// <param name="baseHash">See <see cref="DetectorModel.Hash"/>.</param>
    /// <param name="width">D.</param>
    /// <param name="offsets">[D] for each sentence.</param>
    internal EmbeddingDelta(string baseHash, int width, IReadOnlyDictionary<string, float[]> offsets) =>
        (BaseHash, Width, _offsets) = (baseHash, width, new(offsets, StringComparer.OrdinalIgnoreCase)); // the text encoder reads lower case

    /// <summary>Hash of the detector that it fits: SHA-256, lower-case hexadecimal.</summary>
    public string BaseHash { get; }

    /// <summary>D: width of the embeddings.</summary>
    public int Width { get; }

    /// <summary>The fine-tuned names as the text encoder reads them: "name", or "name, definition".</summary>
    public IReadOnlyCollection<string> Sentences => _offsets.Keys;

    /// <summary>Reads a file that <see cref="Save"/> wrote.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no delta, a damaged one, or one of a newer version.</exception>
    public static EmbeddingDelta Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no '{path}'.", path);
        return Parse(File.ReadAllBytes(path), $"'{path}'");
    }

    /// <summary>Writes it beside the path, then renames.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => stream.Write(ToJson()));
    }

    /// <summary>The content of the file.</summary>
    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new Content(FormatVersion, BaseHash, Width, _offsets.ToDictionary(o => o.Key, o => Convert.ToBase64String(MemoryMarshal.AsBytes<float>(o.Value)))), Json);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">In UTF-8.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">It is no delta, a damaged one, or one of a newer version.</exception>
    internal static EmbeddingDelta Parse(byte[] json, string name)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(json, Json);
            if (content is not { BaseHash: not null, Offsets: not null, Width: > 0 }) throw new InvalidDataException($"{name} is no delta of a detector.");
            if (content.FormatVersion > FormatVersion)
                throw new InvalidDataException($"{name} is a delta of format {content.FormatVersion}; this version of Microsoft.ML.DetClip reads up to {FormatVersion}. Update the package.");
            return new(content.BaseHash, content.Width, content.Offsets.ToDictionary(o => o.Key, o => Offset(o.Key, o.Value, content.Width, name)));
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException)
        {
            throw new InvalidDataException($"{name} is no delta of a detector, or a damaged one: {e.Message}", e);
        }
    }

    /// <exception cref="InvalidDataException">The detector is another than it was learned with.</exception>
    internal void CheckFits(DetectorModel model)
    {
        if (model.Hash() is var hash && !hash.Equals(BaseHash, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"The delta was learned with another detector (hash {Short(BaseHash)}) than this one (hash {Short(hash)}); its offsets mean nothing here.");
        if (model.Manifest.EmbeddingWidth != Width) throw new InvalidDataException($"The delta's offsets have {Width} numbers, the detector's embeddings {model.Manifest.EmbeddingWidth}; it is damaged.");
    }

    /// <summary>Embeddings with the offsets of their sentences added; the given ones where it has none of the sentences.</summary>
    /// <param name="sentences">K sentences.</param>
    /// <param name="embeddings">[K, D], row by row; not changed.</param>
    internal float[] AddTo(IReadOnlyList<string> sentences, float[] embeddings)
    {
        if (!sentences.Any(_offsets.ContainsKey)) return embeddings;
        float[] sums = [.. embeddings];
        for (var k = 0; k < sentences.Count; k++)
            if (_offsets.TryGetValue(sentences[k], out var offset))
                for (var d = 0; d < Width; d++) sums[k * Width + d] += offset[d];
        return sums;
    }

    private static float[] Offset(string sentence, string base64, int width, string name)
    {
        var offset = MemoryMarshal.Cast<byte, float>(Convert.FromBase64String(base64)).ToArray();
        return offset.Length == width && offset.All(float.IsFinite) ? offset : throw new InvalidDataException($"{name}: the offset of '{sentence}' is not {width} finite numbers; the file is damaged.");
    }

    private static string Short(string hash) => hash.Length > 12 ? $"{hash[..12]}…" : hash;

    private sealed record Content(int FormatVersion, string BaseHash, int Width, Dictionary<string, string> Offsets);
}
