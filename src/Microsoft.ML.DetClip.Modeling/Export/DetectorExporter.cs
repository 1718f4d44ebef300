using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes a network as a detector that runs without torch: the folder that <see cref="DetectorContract"/> describes.</summary>
internal static class DetectorExporter
{
    /// <summary>Every name that an export may write.</summary>
    private static readonly string[] Files =
    [
        DetectorContract.ManifestFile, DetectorContract.TextGraphFile, DetectorContract.TokenizerFile, DetectorContract.ParityFile,
        .. Enum.GetValues<DetectorPrecision>().Select(DetectorContract.ImageGraphFileOf),
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

    /// <summary>The concepts of a file, for <see cref="ExportOptions.Frozen"/>.</summary>
    /// <exception cref="InvalidDataException">Says in which line what is wrong.</exception>
    public static IReadOnlyList<Concept> ReadVocabulary(string path) => [.. Vocabulary.Load(path)];

    /// <summary>Adds the image graph in other numbers to an export of the same network and options.</summary>
    /// <param name="network">The network.</param>
    /// <param name="tokenizer">Its tokenizer.</param>
    /// <param name="options">Those of the export.</param>
    /// <param name="folder">The export.</param>
    /// <param name="precision">The other numbers.</param>
    /// <param name="images">Image files like those that the detector will see.</param>
    public static PrecisionReport AddPrecision(
        DetClipNetwork network, ClipTokenizer tokenizer, ExportOptions options, string folder, DetectorPrecision precision, IReadOnlyList<string> images)
    {
        var frozen = Embeddings(network, tokenizer, options.Frozen);
        var floats = ImageGraph(network, options.MaxRegions, frozen);
        var source = precision == DetectorPrecision.Int8 ? ImageGraph(network, options.MaxRegions, frozen, OnnxFile.OpsetWithAttention) : floats; // integers are for CPUs
        var manifest = DetectorManifest.Parse(File.ReadAllBytes(Path.Combine(folder, DetectorContract.ManifestFile)));
        return PrecisionExporter.Add(floats, source, folder, precision, [.. CalibrationImage.Read(images, manifest)], new());
    }

    /// <summary>The image graph: pixels and concepts to regions.</summary>
    /// <param name="network">The network.</param>
    /// <param name="maxRegions">The most regions of an image, unless its caller names another number.</param>
    /// <param name="frozen">Concepts that are stored in the graph instead of being an input, [K, D]; null for none.</param>
    /// <param name="opset">Version of the standard operators.</param>
    internal static OnnxGraph ImageGraph(DetClipNetwork network, int maxRegions, float[]? frozen = null, int opset = OnnxFile.Opset)
    {
        var graph = new OnnxGraph("image") { Opset = opset };
        var ops = new OnnxOps(graph, network);
        var width = EmbeddingWidth(network.Config);
        var pixels = ops.Input(DetectorContract.Pixels, OnnxType.Float, "N", 3, "H", "W");
        var concepts = frozen is null
            ? ops.Input(DetectorContract.Concepts, OnnxType.Float, "K", width)
            : new(graph.Store(OnnxTensor.Of(DetectorContract.Concepts, [frozen.Length / width, width], frozen)), [frozen.Length / width, width]);
        var regions = network.Detect(ops, pixels, concepts, maxRegions);
        ops.Output(DetectorContract.Boxes, OnnxType.Float, regions.Boxes, "N", "R", 4);
        ops.Output(DetectorContract.Scores, OnnxType.Float, regions.Scores, "N", "R", frozen is null ? "K" : frozen.Length / width);
        ops.Output(DetectorContract.Embeddings, OnnxType.Float, regions.Embeddings, "N", "R", width);
        ops.Output(DetectorContract.Locations, OnnxType.Int64, regions.Locations, "N", "R");
        ops.Output(DetectorContract.Qualities, OnnxType.Float, regions.Qualities, "N", "R");
        return OnnxPruning.WithoutUnused(graph); // what nothing reads would run at the end, and keep its operands alive until then
    }

    /// <summary>The text graph: token ids to concepts.</summary>
    internal static OnnxGraph TextGraph(DetClipNetwork network)
    {
        var graph = new OnnxGraph("text");
        var ops = new OnnxOps(graph, network);
        var tokens = ops.Input(DetectorContract.Tokens, OnnxType.Int64, "K", network.Config.Text.Length);
        ops.Output(DetectorContract.Concepts, OnnxType.Float, network.EncodeText(ops, tokens), "K", EmbeddingWidth(network.Config));
        return OnnxPruning.WithoutUnused(graph);
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
        OnnxFile.Save(ImageGraph(network, options.MaxRegions, Embeddings(network, tokenizer, options.Frozen)), InFolder(DetectorContract.ImageGraphFile), Metadata(network));
        OnnxFile.Save(TextGraph(network), text, Metadata(network));
        AtomicFile.Write(merges, tokenizer.Write);
        var manifest = Manifest(network, options, DetectorModel.HashTextEncoder(File.ReadAllBytes(text), File.ReadAllBytes(merges)));
        if (options.Frozen is not null) File.Delete(text);
        AtomicFile.Write(InFolder(DetectorContract.ManifestFile), stream => stream.Write(manifest.ToJson()));
    }

    private static DetectorManifest Manifest(DetClipNetwork network, ExportOptions options, string hash) => new()
    {
        Variant = network.Config.Variant, EmbeddingWidth = EmbeddingWidth(network.Config), TextLength = network.Config.Text.Length, TextEncoderHash = hash,
        Scoring = network.Scoring(),
        Memory = NetworkMemory.Of(network, options.ShortSide, options.LongSide, options.MaxRegions),
        ShortSide = options.ShortSide, LongSide = options.LongSide, SizeDivisor = options.SizeDivisor,
        PixelMean = options.PixelMean, PixelStd = options.PixelStd,
        Frozen = options.Frozen,
    };

    /// <summary>What the text encoder makes of the phrases of concepts, [P, D].</summary>
    internal static float[]? Embeddings(DetClipNetwork network, ClipTokenizer tokenizer, IReadOnlyList<Concept>? concepts)
    {
        if (concepts is null) return null;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var wasTraining = network.training;
        network.eval();
        var length = network.Config.Text.Length;
        var plan = new PhrasePlan(concepts);
        var tokens = tensor(tokenizer.EncodePadded(plan.Sentences, length), [plan.Sentences.Count, length], device: network.Device);
        var sentences = network.EncodeText(TorchOps.Inference, tokens).to(float32).cpu().data<float>().ToArray();
        network.train(wasTraining);
        return new EncodedVocabulary(plan, sentences).Embeddings;
    }
}
