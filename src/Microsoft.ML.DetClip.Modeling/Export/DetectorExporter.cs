using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes a network as a detector that runs without torch: the folder that <see cref="DetectorContract"/> describes.</summary>
internal static class DetectorExporter
{
    /// <summary>Every name that an export may write.</summary>
    private static readonly string[] Files =
    [
        DetectorContract.ManifestFile, DetectorContract.ImageGraphFile, DetectorContract.TextGraphFile, DetectorContract.TokenizerFile, DetectorContract.ParityFile,
    ];

    /// <summary>Exports image graph, text graph, tokenizer and manifest. Equal networks make equal files.</summary>
    /// <param name="network">The network, on whatever device; its weights are written as 32-bit floats. It is read only, and may be in training mode.</param>
    /// <param name="tokenizer">The tokenizer it was trained with.</param>
    /// <param name="options">What the detector says of its images.</param>
    /// <param name="folder">The folder; an older export in it is replaced when the new one is complete.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or the tokenizer has more ids than the network.</exception>
    /// <exception cref="InvalidOperationException">A graph is above 2 GiB, which a detector's own files cannot be.</exception>
    /// <exception cref="IOException">The folder holds files that are no export.</exception>
    public static void Export(DetClipNetwork network, ClipTokenizer tokenizer, ExportOptions options, string folder)
    {
        options = options.Checked();
        if (tokenizer.VocabularySize > network.Config.Text.Vocabulary)
            throw new ArgumentException($"The tokenizer has {tokenizer.VocabularySize} ids, the network only {network.Config.Text.Vocabulary}.", nameof(tokenizer));
        using var scope = NewDisposeScope();
        AtomicFolder.Write(folder, Files, beside => Write(network, tokenizer, options, beside));
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
        ops.Output(DetectorContract.Qualities, OnnxType.Float, regions.Qualities, "N", "R");
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

    private static void Write(DetClipNetwork network, ClipTokenizer tokenizer, ExportOptions options, string folder)
    {
        string InFolder(string name) => Path.Combine(folder, name);
        var (text, merges) = (InFolder(DetectorContract.TextGraphFile), InFolder(DetectorContract.TokenizerFile));
        OnnxFile.Save(ImageGraph(network, options.MaxRegions), InFolder(DetectorContract.ImageGraphFile), Metadata(network));
        OnnxFile.Save(TextGraph(network), text, Metadata(network));
        AtomicFile.Write(merges, tokenizer.Write);
        var manifest = Manifest(network, options, DetectorModel.HashTextEncoder(File.ReadAllBytes(text), File.ReadAllBytes(merges)));
        AtomicFile.Write(InFolder(DetectorContract.ManifestFile), stream => stream.Write(manifest.ToJson()));
    }

    private static DetectorManifest Manifest(DetClipNetwork network, ExportOptions options, string hash) => new()
    {
        Variant = network.Config.Variant, EmbeddingWidth = EmbeddingWidth(network.Config), TextLength = network.Config.Text.Length, TextEncoderHash = hash,
        Scoring = network.Scoring(),
        ShortSide = options.ShortSide, LongSide = options.LongSide, SizeDivisor = options.SizeDivisor,
        PixelMean = options.PixelMean, PixelStd = options.PixelStd,
    };
}
