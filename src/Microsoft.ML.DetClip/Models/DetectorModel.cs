using System.Security.Cryptography;

namespace Microsoft.ML.DetClip;

/// <summary>An exported detector in memory: its manifest, its two ONNX graphs and its tokenizer. It holds no native resource.</summary>
/// <remarks>On disk it is a folder, or a zip of one, with the files that <see cref="DetectorContract"/> names.</remarks>
public sealed class DetectorModel
{
    /// <summary>A detector of its parts. The arrays are kept, not copied.</summary>
    /// <param name="manifest">Its <see cref="DetectorManifest.TextEncoderHash"/> must be that of the parts; see <see cref="HashTextEncoder"/>.</param>
    /// <param name="imageGraph">The image graph, an ONNX file that holds its own weights.</param>
    /// <param name="textGraph">The text graph, an ONNX file that holds its own weights.</param>
    /// <param name="tokenizer">The tokenizer's merges.</param>
    /// <exception cref="ArgumentException">The manifest has a value that makes no sense.</exception>
    /// <exception cref="InvalidDataException">The text graph or the tokenizer is not the one that the manifest was made for.</exception>
    public DetectorModel(DetectorManifest manifest, byte[] imageGraph, byte[] textGraph, byte[] tokenizer)
    {
        Manifest = manifest.Checked();
        (ImageGraph, TextGraph, Tokenizer) = (imageGraph, textGraph, tokenizer);
        if (manifest.Frozen is not null) return;
        var actual = HashTextEncoder(textGraph, tokenizer);
        if (!actual.Equals(manifest.TextEncoderHash, StringComparison.OrdinalIgnoreCase))
            throw new InvalidDataException($"{DetectorContract.TextGraphFile} or {DetectorContract.TokenizerFile} is not the detector's own: " +
                $"their hash is {actual}, the manifest expects {manifest.TextEncoderHash}. Export the detector again.");
    }

    /// <summary>Sizes, normalisation and identity.</summary>
    public DetectorManifest Manifest { get; }

    /// <summary>The numbers that there is an image graph of.</summary>
    public IReadOnlyList<DetectorPrecision> Precisions => [DetectorPrecision.Float32, .. OtherImageGraphs.Keys.Order()];

    internal byte[] ImageGraph { get; }

    /// <summary>Image graphs in other numbers than 32-bit floats.</summary>
    internal IReadOnlyDictionary<DetectorPrecision, byte[]> OtherImageGraphs { get; init; } = new Dictionary<DetectorPrecision, byte[]>();

    internal byte[] TextGraph { get; }

    internal byte[] Tokenizer { get; }

    /// <summary>Reads an exported detector: a folder, or a zip of one; an ML.NET model file with one detector in it works too.</summary>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    /// <exception cref="InvalidDataException">Something is there, but no detector: a part is missing, damaged or of a newer format. The message says which.</exception>
    public static DetectorModel Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!Path.Exists(path)) throw new FileNotFoundException($"There is no detector at '{path}'; give the folder that was exported, or a zip of it.", path);
        try
        {
            using var parts = DetectorParts.Open(path);
            return Read(parts);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Writes the detector as a folder; an old detector there is replaced only when the new one is complete.</summary>
    /// <exception cref="IOException">The path is a file, or a folder that holds something other than a detector.</exception>
    public void Save(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        RefuseForeign(target);
        var beside = Directory.CreateDirectory($"{target}.{Guid.NewGuid():N}.new").FullName;
        try
        {
            foreach (var (name, bytes) in Files) File.WriteAllBytes(Path.Combine(beside, name), bytes);
            if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            Directory.Move(beside, target);
        }
        finally
        {
            if (Directory.Exists(beside)) Directory.Delete(beside, recursive: true);
        }
    }

    /// <summary>What <see cref="DetectorManifest.TextEncoderHash"/> must be: SHA-256 over the text graph, then the tokenizer; lower-case hexadecimal.</summary>
    public static string HashTextEncoder(ReadOnlySpan<byte> textGraph, ReadOnlySpan<byte> tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(textGraph);
        hash.AppendData(tokenizer);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>What tells this network from every other: SHA-256 over the image graph, the text graph and the tokenizer; lower-case hexadecimal.</summary>
    internal string Hash() => HashOf(ImageGraph, TextGraph, Tokenizer);

    /// <summary>What tells its detections from those of every other, but for options: the manifest, which has the sizes of images, and the image graph that is run count too.</summary>
    internal string HashAsRun(DetectorPrecision precision) => HashOf(Manifest.ToJson(), ImageGraphOf(precision), TextGraph, Tokenizer);

    private static string HashOf(params IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal IEnumerable<(string Name, byte[] Bytes)> Files =>
    [
        (DetectorContract.ManifestFile, Manifest.ToJson()),
        (DetectorContract.ImageGraphFile, ImageGraph),
        .. OtherImageGraphs.Select(graph => (DetectorContract.ImageGraphFileOf(graph.Key), graph.Value)),
        .. Manifest.Frozen is null ? ((string, byte[])[])[(DetectorContract.TextGraphFile, TextGraph)] : [],
        (DetectorContract.TokenizerFile, Tokenizer),
    ];

    /// <summary>The image graph in the given numbers.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    internal byte[] ImageGraphOf(DetectorPrecision precision)
    {
        if (precision == DetectorPrecision.Float32) return ImageGraph;
        return OtherImageGraphs.TryGetValue(precision, out var graph) ? graph : throw new InvalidOperationException(
            $"The detector has no graph in {precision}, only in {string.Join(", ", Precisions)}. Choose one of these, or export it again with --precision.");
    }

    /// <exception cref="InvalidDataException">A part is missing, damaged or of a newer format.</exception>
    internal static DetectorModel Read(DetectorParts parts)
    {
        var manifest = DetectorManifest.Parse(parts.Read(DetectorContract.ManifestFile) ?? throw Missing([DetectorContract.ManifestFile]));
        string[] needed = manifest.Frozen is null
            ? [DetectorContract.ImageGraphFile, DetectorContract.TextGraphFile, DetectorContract.TokenizerFile]
            : [DetectorContract.ImageGraphFile, DetectorContract.TokenizerFile];
        var bytes = needed.Select(parts.Read).ToArray();
        var missing = needed.Where((_, i) => bytes[i] is null).ToArray();
        if (missing.Length > 0) throw Missing(missing);
        return new(manifest, bytes[0]!, manifest.Frozen is null ? bytes[1]! : [], bytes[^1]!) { OtherImageGraphs = ReadOthers(parts) };
    }

    private static Dictionary<DetectorPrecision, byte[]> ReadOthers(DetectorParts parts) => Enum.GetValues<DetectorPrecision>()
        .Where(precision => precision != DetectorPrecision.Float32)
        .Select(precision => (Precision: precision, Bytes: parts.Read(DetectorContract.ImageGraphFileOf(precision))))
        .Where(graph => graph.Bytes is not null).ToDictionary(graph => graph.Precision, graph => graph.Bytes!);

    private static InvalidDataException Missing(IEnumerable<string> names) => new($"not an exported detector, missing: {string.Join(", ", names)}.");

    private static void RefuseForeign(string target)
    {
        if (File.Exists(target)) throw new IOException($"'{target}' is a file; a detector is saved as a folder.");
        if (!Directory.Exists(target)) return;
        string[] own =
        [
            DetectorContract.ManifestFile, DetectorContract.TextGraphFile, DetectorContract.TokenizerFile, DetectorContract.ParityFile,
            .. Enum.GetValues<DetectorPrecision>().Select(DetectorContract.ImageGraphFileOf),
        ];
        var foreign = Directory.EnumerateFileSystemEntries(target).Select(Path.GetFileName).FirstOrDefault(n => !own.Contains(n));
        if (foreign is not null) throw new IOException($"'{target}' holds '{foreign}', which is no part of a detector; choose an empty or new folder.");
    }
}
