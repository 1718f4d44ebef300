using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>A detector ready to run: one ONNX Runtime session of the image graph, and one of the text graph once a text must be encoded.</summary>
/// <remarks>Thread-safe. N images, H×W pixels, P phrases of concepts, D embedding width, R regions.</remarks>
internal sealed class DetectorSession : IDisposable
{
    private static readonly string[] InputNames = [DetectorContract.Pixels, DetectorContract.Concepts, DetectorContract.MaxRegions];
    private static readonly string[] FrozenInputNames = [DetectorContract.Pixels, DetectorContract.MaxRegions];
    private static readonly string[] ScoreOutputs = [DetectorContract.Boxes, DetectorContract.Scores];
    private static readonly string[] RegionOutputs = [DetectorContract.Boxes, DetectorContract.Embeddings, DetectorContract.Qualities];

    private readonly float[] _mean;
    private readonly float[] _std;
    private readonly InferenceSession _images;
    private readonly float[] _zeros; // a concept to which all regions are alike, [1, D]

    /// <param name="model">The detector.</param>
    /// <param name="device">Where to run it.</param>
    /// <param name="warn">Called with what a user should know, during this call and later ones.</param>
    /// <exception cref="InvalidDataException">A graph cannot be run or is of another contract.</exception>
    public DetectorSession(DetectorModel model, SessionDevice device, Action<string> warn)
    {
        (Model, Device) = (model, device);
        (_mean, _std) = ([.. Manifest.PixelMean], [.. Manifest.PixelStd]);
        Texts = TextEncoder.Open(model, device, warn);
        var precision = device.Runtime.Precision;
        _images = GraphContract.Checked(device.CreateSession(model.ImageGraphOf(precision), DetectorContract.ImageGraphFileOf(precision), warn, out var onDevice),
            s => GraphContract.CheckImageGraph(s, Manifest.EmbeddingWidth, Manifest.Frozen is { } frozen ? new PhrasePlan(frozen).PhraseCount : null));
        _zeros = new float[Manifest.EmbeddingWidth];
        if ((device.Binds ?? onDevice) && Manifest.Frozen is null) Bindings = new(_images, Manifest.EmbeddingWidth);
        if (device.Runtime.WarmUp) WarmUp();
        Budget = MemoryBudget.Of(device.Runtime, Manifest, onDevice);
    }

    public DetectorModel Model { get; }

    /// <summary>Where it runs.</summary>
    public SessionDevice Device { get; }

    public DetectorManifest Manifest => Model.Manifest;

    public TextEncoder Texts { get; }

    /// <summary>What one call of the image graph may take, where batches are chosen by memory.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>How the image graph is run on a device; null where a plain run does, on the CPU or with a frozen vocabulary.</summary>
    public ConceptBindings? Bindings { get; }

    /// <summary>Encodes concepts; sentences that were encoded before are remembered.</summary>
    /// <param name="concepts">What to look for; nothing is wrong with them.</param>
    /// <param name="notes">Whom to tell, and where else to remember.</param>
    /// <param name="labels">What detections are called, [K]; null for the names.</param>
    /// <exception cref="ArgumentException">A concept has an embedding of another text encoder.</exception>
    /// <exception cref="InvalidDataException">The text graph cannot be run or is of another contract.</exception>
    public EncodedVocabulary Encode(IReadOnlyList<Concept> concepts, EncodingNotes notes, IReadOnlyList<string>? labels = null)
    {
        CheckFrozen(concepts);
        var plan = new PhrasePlan(concepts);
        if (Manifest.Frozen is not null) return new(plan, new float[plan.Sentences.Count * Manifest.EmbeddingWidth], labels); // the graph has its own
        var texts = Texts.Encode([.. plan.Sentences.Where(s => !plan.Given.ContainsKey(s))], notes).Chunk(Manifest.EmbeddingWidth).GetEnumerator();
        var rows = plan.Sentences.Select(sentence => plan.Given.TryGetValue(sentence, out var concept) ? concept.Embedding!.ValuesFor(Manifest, concept.Name) : Next(texts));
        return new(plan, [.. rows.SelectMany(row => row)], labels);
    }

    /// <summary>How an image is placed on its canvas.</summary>
    /// <param name="width">Of the image, in pixels.</param>
    /// <param name="height">Of the image, in pixels.</param>
    public Letterbox Fit(int width, int height)
    {
        var plan = Manifest.Fit(width, height);
        return Device.Runtime.CanvasMultiple is { } multiple ? plan.Widened(multiple, Manifest.SizeDivisor) : plan;
    }

    /// <summary>How an image of the usual greatest size is placed on its canvas.</summary>
    public Letterbox LargestView => Fit(Manifest.LongSide, Manifest.ShortSide);

    /// <summary>Images of one call of the image graph.</summary>
    /// <param name="plan">How images become detections.</param>
    /// <param name="view">One of these images; all have its canvas.</param>
    /// <param name="phrases">P.</param>
    public int BatchSize(DetectionPlan plan, Letterbox view, int phrases) =>
        plan.BatchSize > 0 ? plan.BatchSize : Budget.Batch((long)view.CanvasWidth * view.CanvasHeight, phrases);

    /// <summary>Frees what a device keeps of a vocabulary that will not be asked for any more.</summary>
    public void Forget(EncodedVocabulary vocabulary) => Bindings?.Forget(vocabulary.Embeddings);

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
        new(Run(pixels, shape, vocabulary.Embeddings, maxRegions, ScoreOutputs));

    /// <summary>Runs the image graph once, for regions that may be asked anything: those of the highest quality, whatever they show.</summary>
    /// <param name="pixels">Normalised images of one size, [N, 3, H, W].</param>
    /// <param name="shape">N, 3, H, W.</param>
    /// <param name="maxRegions">The most regions of an image.</param>
    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    public GraphRegions RunRegions(Memory<float> pixels, long[] shape, int maxRegions)
    {
        RequireRegions();
        // To a concept of zeros all regions are alike, so the graph ranks them by quality alone.
        return new(Run(pixels, shape, _zeros, maxRegions, RegionOutputs), Manifest.EmbeddingWidth);
    }

    /// <exception cref="InvalidOperationException">The detector was exported before graphs gave regions.</exception>
    public void RequireRegions()
    {
        if (Manifest.Frozen is not null)
            throw new InvalidOperationException("This detector's vocabulary was frozen when it was exported, so that it cannot keep regions for other names. Export it without --freeze.");
        if (Manifest.Scoring is null || !_images.OutputMetadata.ContainsKey(DetectorContract.Qualities))
            throw new InvalidOperationException(
                $"This detector gives no region embeddings: it was exported before {DetectorContract.ImageGraphFile} had the output '{DetectorContract.Qualities}'. Export it again from its checkpoint.");
    }

    public void Dispose()
    {
        Bindings?.Dispose();
        _images.Dispose();
        Texts.Dispose();
    }

    private IDisposableReadOnlyCollection<OrtValue> Run(Memory<float> pixels, long[] shape, float[] embeddings, int maxRegions, string[] outputs)
    {
        using var image = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, pixels, shape);
        using var regions = OrtValue.CreateTensorValueFromMemory(new long[] { maxRegions }, [1]);
        if (Bindings is not null) return Bindings.Run(image, embeddings, regions, outputs);
        using var options = new RunOptions();
        if (Manifest.Frozen is not null) return _images.Run(options, FrozenInputNames, [image, regions], outputs);
        using var concepts = OrtValue.CreateTensorValueFromMemory(embeddings, [embeddings.Length / Manifest.EmbeddingWidth, Manifest.EmbeddingWidth]);
        return _images.Run(options, InputNames, [image, concepts, regions], outputs);
    }

    /// <summary>Runs the graph on an empty image of the usual size, which allocates its memory and starts its threads.</summary>
    private void WarmUp()
    {
        var plan = LargestView;
        using var pixels = new PooledFloats(3 * plan.CanvasHeight * plan.CanvasWidth);
        pixels.Memory.Span.Clear();
        Run(pixels.Memory, [1, 3, plan.CanvasHeight, plan.CanvasWidth], _zeros, maxRegions: 1, ScoreOutputs).Dispose();
    }

    /// <exception cref="ArgumentException">The detector's vocabulary is frozen, and these are not its concepts.</exception>
    private void CheckFrozen(IReadOnlyList<Concept> concepts)
    {
        if (Manifest.Frozen is not { } frozen || concepts.SequenceEqual(frozen)) return;
        var others = concepts.Except(frozen).Select(c => c.Sentence).ToArray();
        throw new ArgumentException($"The detector's vocabulary was frozen when it was exported: it looks for {Few(frozen.Select(c => c.Name))}, in this order, and nothing else" +
            (others.Length > 0 ? $"; asked for: {Few(others)}" : "") + ". Leave the labels out, or export the detector without --freeze.");
    }

    private static string Few(IEnumerable<string> names)
    {
        const int Shown = 5;
        var all = names.ToArray();
        return string.Join(", ", all.Take(Shown).Select(n => $"'{n}'")) + (all.Length > Shown ? $" and {all.Length - Shown} more" : "");
    }

    private static T Next<T>(IEnumerator<T> rows)
    {
        rows.MoveNext();
        return rows.Current;
    }
}
