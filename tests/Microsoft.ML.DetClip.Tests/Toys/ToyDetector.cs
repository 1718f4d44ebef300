namespace Microsoft.ML.DetClip.Tests;

/// <summary>A detector made by hand whose answers are known: it finds the red, the green and the blue rectangle of an image with black ground.</summary>
/// <remarks>
/// D = 3: how red, green and blue. A concept is known by its first letter (r, g, b), and shrinks with the length of its sentence.
/// A region is the extent of one colour, to a fraction of a pixel; its score is 1 − <see cref="PerToken"/> · tokens when the colours agree, else 0.
/// </remarks>
internal static class ToyDetector
{
    public const int TextLength = 16;
    public const float PerToken = 0.01f;
    public const float Scale = 8, Quality = 0.9f;

    /// <summary>A byte-level vocabulary without merges: a letter is a token.</summary>
    public static byte[] Tokenizer { get; } = "#version: toy\n"u8.ToArray();

    public static byte[] TextGraph { get; } = WriteTextGraph();

    public static DetectorManifest Manifest { get; } = new()
    {
        Variant = "toy",
        EmbeddingWidth = 3,
        TextLength = TextLength,
        TextEncoderHash = DetectorModel.HashTextEncoder(TextGraph, Tokenizer),
        ShortSide = 256,
        LongSide = 512,
        PixelMean = [0, 0, 0],
        PixelStd = [1, 1, 1],
    };

    public static DetectorModel Model { get; } = new(Manifest, WriteImageGraph(), TextGraph, Tokenizer);

    /// <summary>The same, but every score is N / 1000: shows how many images went through the graph together.</summary>
    public static DetectorModel BatchTelling { get; } = new(Manifest, WriteImageGraph(tellsBatch: true), TextGraph, Tokenizer);

    /// <summary>The same, but it gives regions for later, and scores as a trained network does: <see cref="Quality"/> · sigmoid(<see cref="Scale"/> · agreement + bias).</summary>
    public static DetectorModel WithRegions { get; } =
        new(Manifest with { Scoring = new() { Bias = -Scale / 2 } }, WriteImageGraph(givesRegions: true), TextGraph, Tokenizer);

    /// <summary>The score of a concept that is there.</summary>
    public static float Score(Concept concept) => 1 - PerToken * Math.Min(TextLength, concept.Sentence.Replace(" ", "").Length + 2);

    private static byte[] WriteTextGraph()
    {
        using var merges = new MemoryStream(Tokenizer);
        var tokenizer = ClipTokenizer.Read(merges);
        var table = new float[tokenizer.VocabularySize * 3];
        foreach (var (name, colour) in new[] { ("red", 0), ("green", 1), ("blue", 2) }) table[3 * tokenizer.Encode(name)[1] + colour] = 1;

        var onnx = new OnnxFile();
        var tokens = onnx.Input(DetectorContract.Tokens, OnnxFile.Int64, "K", TextLength);
        var first = onnx.Node("Gather", [tokens, onnx.Constant([1L])], null, ("axis", 1)); // [K]
        var colours = onnx.Node("Gather", [onnx.Constant(table, tokenizer.VocabularySize, 3), first]); // [K, 3]
        var present = onnx.Node("Cast", [onnx.Node("Greater", [tokens, onnx.Constant([0L])])], null, ("to", OnnxFile.Float));
        var count = onnx.Node("ReduceSum", [present, onnx.Constant([1L], 1)], null, ("keepdims", 1)); // [K, 1]
        var weight = onnx.Node("Sub", [onnx.Constant([1f]), onnx.Node("Mul", [count, onnx.Constant([PerToken])])]);
        onnx.Node("Mul", [colours, weight], DetectorContract.Concepts); // [K, 3]
        onnx.Output(DetectorContract.Concepts, OnnxFile.Float, "K", 3);
        return onnx.ToBytes();
    }

    private static byte[] WriteImageGraph(bool tellsBatch = false, bool givesRegions = false)
    {
        var onnx = new OnnxFile();
        var pixels = onnx.Input(DetectorContract.Pixels, OnnxFile.Float, "N", 3, "H", "W");
        var concepts = onnx.Input(DetectorContract.Concepts, OnnxFile.Float, "K", 3);
        var most = onnx.Input(DetectorContract.MaxRegions, OnnxFile.Int64, 1);
        onnx.Initializer(most, OnnxFile.Int64, BitConverter.GetBytes(1000L), 1);

        var shape = onnx.Node("Shape", [pixels]);
        // Steeper edges: noise vanishes, and the middle of an edge stays where it is.
        var steep = onnx.Node("Add", [onnx.Node("Mul", [pixels, onnx.Constant([2f / 255])]), onnx.Constant([-0.5f])]);
        var colours = onnx.Node("Clip", [steep, onnx.Constant([0f]), onnx.Constant([1f])]); // [N, 3, H, W]
        var (x0, x1, present) = WriteExtent(onnx, colours, onnx.Node("Gather", [shape, onnx.Constant([3L])]), alongAxis: 2);
        var (y0, y1, _) = WriteExtent(onnx, colours, onnx.Node("Gather", [shape, onnx.Constant([2L])]), alongAxis: 3);
        var boxes = onnx.Node("Concat", [x0, y0, x1, y1], null, ("axis", 2)); // [N, 3, 4]
        var one = givesRegions ? Scale : 1;
        var embeddings = onnx.Node("Mul", [present, onnx.Constant([one, 0, 0, 0, one, 0, 0, 0, one], 1, 3, 3)]); // [N, 3, 3]

        var count = onnx.Node("Min", [most, onnx.Constant([3L], 1)]);
        string[] best = onnx.Nodes("TopK", [onnx.Node("Squeeze", [present, onnx.Constant([2L], 1)]), count], ["top", DetectorContract.Locations]);
        var index = onnx.Node("Unsqueeze", [best[1], onnx.Constant([2L], 1)]); // [N, R, 1]
        onnx.Node("GatherND", [boxes, index], DetectorContract.Boxes, ("batch_dims", 1)); // [N, R, 4]
        onnx.Node("GatherND", [embeddings, index], DetectorContract.Embeddings, ("batch_dims", 1)); // [N, R, 3]
        var scores = onnx.Node("MatMul", [DetectorContract.Embeddings, onnx.Node("Transpose", [concepts])], tellsBatch || givesRegions ? null : DetectorContract.Scores); // [N, R, K]
        if (tellsBatch)
        {
            var images = onnx.Node("Cast", [onnx.Node("Gather", [shape, onnx.Constant([0L])])], null, ("to", OnnxFile.Float));
            onnx.Node("Add", [onnx.Node("Mul", [scores, onnx.Constant([0f])]), onnx.Node("Mul", [images, onnx.Constant([0.001f])])], DetectorContract.Scores);
        }

        if (givesRegions)
        {
            var qualities = onnx.Node("Mul", [onnx.Node("GatherND", [present, index], null, ("batch_dims", 1)), onnx.Constant([Quality])]); // [N, R, 1]
            var probabilities = onnx.Node("Sigmoid", [onnx.Node("Add", [scores, onnx.Constant([-Scale / 2])])]);
            onnx.Node("Mul", [probabilities, qualities], DetectorContract.Scores); // [N, R, K]
            onnx.Node("Squeeze", [qualities, onnx.Constant([2L], 1)], DetectorContract.Qualities); // [N, R]
            onnx.Output(DetectorContract.Qualities, OnnxFile.Float, "N", "R");
        }

        onnx.Output(DetectorContract.Boxes, OnnxFile.Float, "N", "R", 4);
        onnx.Output(DetectorContract.Scores, OnnxFile.Float, "N", "R", "K");
        onnx.Output(DetectorContract.Embeddings, OnnxFile.Float, "N", "R", 3);
        onnx.Output(DetectorContract.Locations, OnnxFile.Int64, "N", "R");
        return onnx.ToBytes();
    }

    /// <summary>Where each colour begins and ends along one direction, from its centre of mass, and whether it is there at all; each [N, 3, 1].</summary>
    private static (string From, string To, string Present) WriteExtent(OnnxFile onnx, string colours, string size, int alongAxis)
    {
        var last = onnx.Constant([2L], 1);
        var profile = onnx.Node("ReduceMax", [colours, onnx.Constant([(long)alongAxis], 1)], null, ("keepdims", 0)); // [N, 3, size]
        var range = onnx.Node("Range", [onnx.Constant([0L]), size, onnx.Constant([1L])]);
        var centres = onnx.Node("Add", [onnx.Node("Cast", [range], null, ("to", OnnxFile.Float)), onnx.Constant([0.5f])]); // [size]
        var mass = onnx.Node("ReduceSum", [profile, last], null, ("keepdims", 1));
        var moment = onnx.Node("ReduceSum", [onnx.Node("Mul", [profile, centres]), last], null, ("keepdims", 1));
        var centre = onnx.Node("Div", [moment, onnx.Node("Max", [mass, onnx.Constant([1e-6f])])]);
        var half = onnx.Node("Mul", [mass, onnx.Constant([0.5f])]);
        return (onnx.Node("Sub", [centre, half]), onnx.Node("Add", [centre, half]), onnx.Node("ReduceMax", [profile, last], null, ("keepdims", 1)));
    }
}
