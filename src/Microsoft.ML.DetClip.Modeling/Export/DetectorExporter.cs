using System.Security.Cryptography;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes a network as a detector that runs without torch: the folder that <see cref="DetectorContract"/> describes.</summary>
internal static class DetectorExporter
{
    private static readonly JsonSerializerOptions ManifestJson = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true };

    /// <summary>Ends the name of the file that holds weights which do not fit into the model's own.</summary>
    public const string ExternalSuffix = ".data";

    /// <summary>Every name that an export may write.</summary>
    private static readonly string[] Files =
    [
        DetectorContract.ManifestFile, DetectorContract.ImageGraphFile, DetectorContract.ImageGraphFile + ExternalSuffix,
        DetectorContract.TextGraphFile, DetectorContract.TokenizerFile, ParityReport.File,
    ];

    /// <summary>Exports image graph, text graph, tokenizer and manifest. Equal networks make equal files.</summary>
    /// <param name="network">The network; its weights are written as 32-bit floats, on whatever device they are. It is read only, in training mode too.</param>
    /// <param name="writeTokenizer">Writes the tokenizer's merges in the layout of CLIP's vocabulary file.</param>
    /// <param name="options">What the detector says of its images.</param>
    /// <param name="folder">The folder; an older export in it is replaced when the new one is complete.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="IOException">The folder holds files that are no export.</exception>
    public static void Export(DetClipNetwork network, Action<Stream> writeTokenizer, ExportOptions options, string folder)
    {
        options = options.Checked();
        AtomicFolder.Write(folder, Files, beside =>
        {
            var (image, text, tokenizer) = (Path.Combine(beside, DetectorContract.ImageGraphFile), Path.Combine(beside, DetectorContract.TextGraphFile), Path.Combine(beside, DetectorContract.TokenizerFile));
            SaveImageGraph(network, options.MaxRegions, image);
            OnnxFile.Save(TextGraph(network), text, Metadata(network));
            AtomicFile.Write(tokenizer, writeTokenizer);
            var manifest = Manifest(network.Config, options, Hash(text, tokenizer));
            AtomicFile.Write(Path.Combine(beside, DetectorContract.ManifestFile), stream => JsonSerializer.Serialize(stream, manifest, ManifestJson));
        });
    }

    /// <summary>The image graph: pixels and concepts to regions.</summary>
    internal static OnnxGraph ImageGraph(DetClipNetwork network, int maxRegions)
    {
        var graph = new OnnxGraph("image");
        var ops = new OnnxOps(graph, network);
        var width = EmbeddingWidth(network.Config);
        var pixels = ops.Input(DetectorContract.Pixels, OnnxType.Float, "N", 3, "H", "W");
        var concepts = ops.Input(DetectorContract.Concepts, OnnxType.Float, "K", width);
        var regions = network.Detect(ops, pixels, concepts, maxRegions);
        ops.Output(DetectorContract.Boxes, OnnxType.Float, regions.Boxes, "N", "R", 4);
        ops.Output(DetectorContract.Scores, OnnxType.Float, regions.Scores, "N", "R", "K");
        ops.Output(DetectorContract.Embeddings, OnnxType.Float, regions.Embeddings, "N", "R", width);
        ops.Output(DetectorContract.Locations, OnnxType.Int64, regions.Locations, "N", "R");
        return graph;
    }

    /// <summary>The text graph: token ids to concepts.</summary>
    internal static OnnxGraph TextGraph(DetClipNetwork network)
    {
        var graph = new OnnxGraph("text");
        var ops = new OnnxOps(graph, network);
        var tokens = ops.Input(DetectorContract.Tokens, OnnxType.Int64, "K", network.Config.Text.Length);
        ops.Output(DetectorContract.Concepts, OnnxType.Float, network.EncodeText(ops, tokens), "K", EmbeddingWidth(network.Config));
        return graph;
    }

    /// <summary>What the files say of themselves.</summary>
    internal static IReadOnlyDictionary<string, string> Metadata(DetClipNetwork network) => new Dictionary<string, string>
    {
        ["format_version"] = DetectorContract.FormatVersion.ToString(),
        ["variant"] = network.Config.Variant,
    };

    private static int EmbeddingWidth(DetClipConfig config) => ConceptSimilarity.OutputWidth(config.Similarity, config.EmbeddingWidth);

    private static void SaveImageGraph(DetClipNetwork network, int maxRegions, string path)
    {
        var graph = ImageGraph(network, maxRegions);
        OnnxFile.Save(graph, path, Metadata(network), OnnxFile.NeedsExternalFile(graph) ? Path.GetFileName(path) + ExternalSuffix : null);
    }

    private static DetectorManifest Manifest(DetClipConfig config, ExportOptions options, string hash) => new()
    {
        Variant = config.Variant, EmbeddingWidth = EmbeddingWidth(config), TextLength = config.Text.Length, TextEncoderHash = hash,
        ShortSide = options.ShortSide, LongSide = options.LongSide, SizeDivisor = options.SizeDivisor,
        PixelMean = options.PixelMean, PixelStd = options.PixelStd,
    };

    private static string Hash(params string[] files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files) hash.AppendData(File.ReadAllBytes(file));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
