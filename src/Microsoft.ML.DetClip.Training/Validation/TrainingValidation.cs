using Microsoft.ML.DetClip.Evaluation;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Measures a network on samples that it does not learn from.</summary>
/// <param name="samples">Images and what they show; at least one.</param>
/// <param name="concepts">Everything that is looked for in each image.</param>
/// <param name="tokens">Token ids of concepts.</param>
/// <param name="shortSide">See <see cref="Letterbox.Fit"/>, in pixels.</param>
/// <param name="longSide">See <see cref="Letterbox.Fit"/>, in pixels.</param>
internal sealed class TrainingValidation(
    IReadOnlyList<TrainingSample> samples, IReadOnlyList<Concept> concepts, SentenceTokens tokens, int shortSide, int longSide)
{
    // COCO's evaluation looks at the best 100 of an image; no score is too low for it.
    private static readonly SelectionOptions All = new() { ScoreThreshold = 0, MaxDetections = 100 };

    private readonly HashSet<TrainingSample> _unreadable = new(ReferenceEqualityComparer.Instance);

    /// <summary>Offsets of the embeddings of concepts that are fine-tuned so; null for none.</summary>
    public EmbeddingOffsets? Offsets { get; init; }

    /// <summary>How many images there are.</summary>
    public int ImageCount => samples.Count;

    /// <summary>How many names are looked for.</summary>
    public int NameCount => concepts.Count;

    /// <summary>Told once of each image that cannot be read: it is not measured.</summary>
    public Action<string>? Warn { get; init; }

    /// <summary>COCO's metrics over all samples whose image can be read. The network is left in evaluation mode.</summary>
    /// <param name="network">The network as it stands.</param>
    /// <param name="cancellation">Ends the measuring with an exception.</param>
    /// <exception cref="InvalidDataException">No image can be read.</exception>
    public CocoMetrics Measure(DetClipNetwork network, CancellationToken cancellation = default)
    {
        using var detector = new NetworkDetector(network, tokens, concepts, shortSide, longSide, Offsets) { Selection = All };
        var evaluator = new LabelEvaluator();
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            if (Detect(detector, sample) is { } found) evaluator.Add(Truth(sample), found);
        }
        return _unreadable.Count < samples.Count ? evaluator.Evaluate() : throw new InvalidDataException($"None of the {samples.Count} images to validate on can be read.");
    }

    private ScoredBoxes? Detect(NetworkDetector detector, TrainingSample sample)
    {
        if (_unreadable.Contains(sample)) return null;
        try
        {
            var found = detector.Detect(sample.Image);
            return new([.. found.Select(d => d.Label)], [.. found.Select(d => d.Box)], [.. found.Select(d => d.Score)]);
        }
        catch (Exception e) when (BrokenSamples.IsReason(e))
        {
            _unreadable.Add(sample);
            Warn?.Invoke($"An image to validate on cannot be read, and is not measured: {e.Message}");
            return null;
        }
    }

    private static LabeledBoxes Truth(TrainingSample sample) => new(
        [.. sample.Concepts.Concat(sample.Crowds.Select(crowd => crowd.Concept)).Select(concept => concept.Name)],
        [.. sample.Boxes.Concat(sample.Crowds.Select(crowd => crowd.Box))],
        [.. sample.Boxes.Select(_ => false).Concat(sample.Crowds.Select(_ => true))]);
}
