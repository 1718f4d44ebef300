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
    /// <summary>Offsets of the embeddings of concepts that are fine-tuned so; null for none.</summary>
    public EmbeddingOffsets? Offsets { get; init; }

    /// <summary>How many images are looked at.</summary>
    public int ImageCount => samples.Count;

    /// <summary>How many names are looked for.</summary>
    public int NameCount => concepts.Count;

    // COCO's evaluation looks at the best 100 of an image; no score is too low for it.
    private static readonly SelectionOptions All = new() { ScoreThreshold = 0, MaxDetections = 100 };

    /// <summary>COCO's metrics over all samples. The network is left in evaluation mode.</summary>
    /// <param name="network">The network as it stands.</param>
    /// <param name="cancellation">Ends the measuring with an exception.</param>
    public CocoMetrics Measure(DetClipNetwork network, CancellationToken cancellation = default)
    {
        using var detector = new NetworkDetector(network, tokens, concepts, shortSide, longSide, Offsets) { Selection = All };
        var evaluator = new LabelEvaluator();
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = detector.Detect(sample.Image);
            evaluator.Add(
                new LabeledBoxes([.. sample.Concepts.Select(c => c.Name)], sample.Boxes),
                new ScoredBoxes([.. found.Select(d => d.Label)], [.. found.Select(d => d.Box)], [.. found.Select(d => d.Score)]));
        }
        return evaluator.Evaluate();
    }
}
