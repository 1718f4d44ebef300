using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>A detector ready to run: one ONNX Runtime session of the image graph, and one of the text graph once a text must be encoded.</summary>
/// <remarks>Thread-safe. N images, H×W pixels, K concepts, D embedding width, R regions.</remarks>
internal sealed class DetectorSession : IDisposable
{
    private static readonly string[] InputNames = [DetectorContract.Pixels, DetectorContract.Concepts, DetectorContract.MaxRegions];
    private static readonly string[] FrozenInputNames = [DetectorContract.Pixels, DetectorContract.MaxRegions];
    private static readonly string[] OutputNames = [DetectorContract.Boxes, DetectorContract.Scores];

    private readonly float[] _mean;
    private readonly float[] _std;
    private readonly InferenceSession _images;
    private readonly TextEncoder _texts;

    /// <param name="model">The detector.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="warn">Called with what a user should know, during this call and later ones.</param>
    /// <exception cref="InvalidDataException">A graph cannot be run or is of another contract.</exception>
    public DetectorSession(DetectorModel model, SessionDevice device, Action<string> warn)
    {
        (Model, Device) = (model, device);
        (_mean, _std) = ([.. Manifest.PixelMean], [.. Manifest.PixelStd]);
        var tokenizer = ReadTokenizer(model.Tokenizer);
        var precision = device.Runtime.Precision;
        _images = Open(device.CreateSession(model.ImageGraphOf(precision), DetectorContract.ImageGraphFileOf(precision), warn),
            s => GraphContract.CheckImageGraph(s, Manifest.EmbeddingWidth, Manifest.Frozen?.Count));
        _texts = new(tokenizer!, Manifest, () =>
            Open(device.CreateSession(model.TextGraph, DetectorContract.TextGraphFile, warn), s => GraphContract.CheckTextGraph(s, Manifest.EmbeddingWidth, Manifest.TextLength)));
        if (device.Runtime.WarmUp) WarmUp();
    }

    public DetectorModel Model { get; }

    /// <summary>Where it runs.</summary>
    public SessionDevice Device { get; }

    public DetectorManifest Manifest => Model.Manifest;

    /// <summary>Encodes concepts; those that were encoded before are remembered.</summary>
    /// <exception cref="InvalidDataException">The text graph cannot be run or is of another contract.</exception>
    /// <exception cref="ArgumentException">The detector's vocabulary is frozen, and these are not its concepts.</exception>
    public Vocabulary Encode(IReadOnlyList<Concept> concepts, Action<string> warn) => IsFrozen(concepts) ? new(concepts, []) : new(concepts, _texts.Encode([.. concepts.Select(c => c.Sentence)], warn));

    /// <summary>Takes over a vocabulary that the same text encoder has encoded.</summary>
    public void Keep(Vocabulary vocabulary) => _texts.Keep([.. vocabulary.Concepts.Select(c => c.Sentence)], vocabulary.Embeddings);

    /// <summary>Resizes and normalises an image as the network was trained to see it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="plan">How it is placed on the canvas.</param>
    /// <param name="destination">float [3, CanvasHeight, CanvasWidth]; every element is written.</param>
    public void Normalize(MLImage image, Letterbox plan, Span<float> destination) => PixelNormalizer.Write(image, plan, _mean, _std, destination);

    /// <summary>Runs the image graph once.</summary>
    /// <param name="pixels">Normalised images of one size, [N, 3, H, W].</param>
    /// <param name="shape">N, 3, H, W.</param>
    /// <param name="vocabulary">What to look for; K is at least 1.</param>
    /// <param name="maxRegions">The most regions of an image.</param>
    public Regions Run(Memory<float> pixels, long[] shape, Vocabulary vocabulary, int maxRegions)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
        using var regions = OrtValue.CreateTensorValueFromMemory(new long[] { maxRegions }, [1]);
        using var options = new RunOptions();
        if (Manifest.Frozen is not null) return new(_images.Run(options, FrozenInputNames, [image, regions], OutputNames));
        using var concepts = OrtValue.CreateTensorValueFromMemory(vocabulary.Embeddings, [vocabulary.Concepts.Count, Manifest.EmbeddingWidth]);
        return new(_images.Run(options, InputNames, [image, concepts, regions], OutputNames));
    }

    public void Dispose()
    {
        _images.Dispose();
        _texts.Dispose();
    }

    /// <summary>Runs the graph on an empty image of the usual size, which allocates its memory and starts its threads.</summary>
    private void WarmUp()
    {
        var plan = Manifest.Fit(Manifest.LongSide, Manifest.ShortSide);
        using var pixels = new PooledFloats(3 * plan.CanvasHeight * plan.CanvasWidth);
        pixels.Memory.Span.Clear();
        Run(pixels.Memory, [1, 3, plan.CanvasHeight, plan.CanvasWidth], new([new("warm-up")], new float[Manifest.EmbeddingWidth]), maxRegions: 1).Dispose();
    }

    /// <summary>Whether the detector has a frozen vocabulary, which these concepts are.</summary>
    private bool IsFrozen(IReadOnlyList<Concept> concepts)
    {
        if (Manifest.Frozen is not { } frozen) return false;
        if (concepts.Select(c => c.Sentence).SequenceEqual(frozen.Select(c => new Concept(c.Name, c.Definition).Sentence))) return true;
        var others = concepts.Select(c => c.Sentence).Except(frozen.Select(c => new Concept(c.Name, c.Definition).Sentence)).ToArray();
        throw new ArgumentException($"The detector's vocabulary was frozen when it was exported: it looks for {Few(frozen.Select(c => c.Name))}, in this order, and nothing else" +
            (others.Length > 0 ? $"; asked for: {Few(others)}" : "") + ". Leave the labels out, or export the detector without --freeze.");
    }

    private static string Few(IEnumerable<string> names)
    {
        const int Shown = 5;
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown).Select(n => $"'{n}'")) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }

    private static ClipTokenizer? ReadTokenizer(byte[] merges)
    {
        if (merges.Length == 0) return null; // a frozen vocabulary needs none
        using var stream = new MemoryStream(merges);
        return ClipTokenizer.Read(stream);
    }

    private static InferenceSession Open(InferenceSession session, Action<InferenceSession> check)
    {
        try
        {
            check(session);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }
}
