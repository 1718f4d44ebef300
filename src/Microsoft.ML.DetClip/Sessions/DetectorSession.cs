using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>A detector ready to run: one ONNX Runtime session of the image graph, and one of the text graph once a text must be encoded.</summary>
/// <remarks>Thread-safe. N images, H×W pixels, P phrases of concepts, D embedding width, R regions.</remarks>
internal sealed class DetectorSession : IDisposable
{
    private static readonly string[] InputNames = [DetectorContract.Pixels, DetectorContract.Concepts, DetectorContract.MaxRegions];
    private static readonly string[] ScoreOutputs = [DetectorContract.Boxes, DetectorContract.Scores];
    private static readonly string[] RegionOutputs = [DetectorContract.Boxes, DetectorContract.Embeddings, DetectorContract.Qualities];

    private readonly float[] _mean;
    private readonly float[] _std;
    private readonly InferenceSession _images;

    /// <param name="model">The detector.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="warn">Called with what a user should know, during this call and later ones.</param>
    /// <exception cref="InvalidDataException">A graph cannot be run or is of another contract.</exception>
    public DetectorSession(DetectorModel model, SessionDevice device, Action<string> warn)
    {
        Model = model;
        (_mean, _std) = ([.. Manifest.PixelMean], [.. Manifest.PixelStd]);
        Texts = TextEncoder.Open(model, device, warn);
        _images = GraphContract.Checked(device.CreateSession(model.ImageGraph, DetectorContract.ImageGraphFile, warn), s => GraphContract.CheckImageGraph(s, Manifest.EmbeddingWidth));
    }

    public DetectorModel Model { get; }

    public DetectorManifest Manifest => Model.Manifest;

    public TextEncoder Texts { get; }

    /// <summary>Encodes concepts; sentences that were encoded before are remembered.</summary>
    /// <param name="concepts">What to look for; nothing is wrong with them.</param>
    /// <param name="notes">Whom to tell, and where else to remember.</param>
    /// <param name="labels">What detections are called, [K]; null for the names.</param>
    /// <exception cref="ArgumentException">A concept has an embedding of another text encoder.</exception>
    /// <exception cref="InvalidDataException">The text graph cannot be run or is of another contract.</exception>
    public EncodedVocabulary Encode(IReadOnlyList<Concept> concepts, EncodingNotes notes, IReadOnlyList<string>? labels = null)
    {
        var plan = new PhrasePlan(concepts);
        var texts = Texts.Encode([.. plan.Sentences.Where(s => !plan.Given.ContainsKey(s))], notes).Chunk(Manifest.EmbeddingWidth).GetEnumerator();
        var rows = plan.Sentences.Select(sentence => plan.Given.TryGetValue(sentence, out var concept) ? concept.Embedding!.ValuesFor(Manifest, concept.Name) : Next(texts));
        return new(plan, [.. rows.SelectMany(row => row)], labels);
    }

    /// <summary>Resizes and normalises an image as the network was trained to see it.</summary>
    /// <param name="image">The image.</param>
    /// <param name="plan">How it is placed on the canvas.</param>
    /// <param name="destination">float [3, CanvasHeight, CanvasWidth]; every element is written.</param>
    public void Normalize(MLImage image, Letterbox plan, Span<float> destination) => PixelNormalizer.Write(image, plan, _mean, _std, destination);

    /// <summary>Runs the image graph once.</summary>
    /// <param name="pixels">Normalised images of one size, [N, 3, H, W].</param>
    /// <param name="shape">N, 3, H, W.</param>
    /// <param name="vocabulary">What to look for; P is at least 1.</param>
    /// <param name="maxRegions">The most regions of an image.</param>
    public GraphScores Run(Memory<float> pixels, long[] shape, EncodedVocabulary vocabulary, int maxRegions) =>
        new(Run(pixels, shape, vocabulary.Embeddings, vocabulary.Plan.PhraseCount, maxRegions, ScoreOutputs));

    /// <summary>Runs the image graph once, for regions that may be asked anything: those of the highest quality, whatever they show.</summary>
    /// <param name="pixels">Normalised images of one size, [N, 3, H, W].</param>
    /// <param name="shape">N, 3, H, W.</param>
    /// <param name="maxRegions">The most regions of an image.</param>
    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    public GraphRegions RunRegions(Memory<float> pixels, long[] shape, int maxRegions)
    {
        RequireRegions();
        // To a concept of zeros all regions are alike, so the graph ranks them by quality alone.
        return new(Run(pixels, shape, new float[Manifest.EmbeddingWidth], 1, maxRegions, RegionOutputs), Manifest.EmbeddingWidth);
    }

    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    public void RequireRegions()
    {
        if (Manifest.Scoring is null || !_images.OutputMetadata.ContainsKey(DetectorContract.Qualities))
            throw new InvalidOperationException(
                $"This detector gives no region embeddings: it was exported before {DetectorContract.ImageGraphFile} had the output '{DetectorContract.Qualities}'. Export it again from its checkpoint.");
    }

    public void Dispose()
    {
        _images.Dispose();
        Texts.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(Memory<float> pixels, long[] shape, float[] embeddings, int conceptCount, int maxRegions, string[] outputs)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
        using var concepts = OrtValue.CreateTensorValueFromMemory(embeddings, [conceptCount, Manifest.EmbeddingWidth]);
        using var regions = OrtValue.CreateTensorValueFromMemory(new long[] { maxRegions }, [1]);
        using var options = new RunOptions();
        return _images.Run(options, InputNames, [image, concepts, regions], outputs);
    }

    private static T Next<T>(IEnumerator<T> rows)
    {
        rows.MoveNext();
        return rows.Current;
    }
}
