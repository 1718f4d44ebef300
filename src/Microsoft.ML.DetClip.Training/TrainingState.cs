using Microsoft.ML.DetClip.Modeling;
using TorchSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Everything that a step changes, and so everything that a run needs to go on from a checkpoint. It does not own the network.</summary>
internal sealed class TrainingState : IDisposable
{
    /// <summary>Below this scale a gradient that is not finite is not for want of range.</summary>
    private const double SmallestScale = 1.0 / (1 << 16);

    /// <param name="network">Trained in place; it is moved to the device.</param>
    /// <param name="options">How it is trained.</param>
    /// <param name="device">Where it is trained.</param>
    /// <param name="offsets">Offsets of embeddings that are trained, with the network or instead of it, when given; moved to the device. They are not owned.</param>
    /// <exception cref="ArgumentException">What is to be frozen is not there, or is everything.</exception>
    public TrainingState(DetClipNetwork network, DetClipTrainer.Options options, torch.Device device, EmbeddingOffsets? offsets = null)
    {
        Network = network.to(device);
        Offsets = offsets?.to(device);
        Pairs = new WordRegionLoss(options.WordRegion).to(device);
        TrainedParts.Apply(network, options);
        Optimizer = new(Groups(options), options.LearningRate, options.WeightDecay, options.MaxGradientNorm)
        {
            Scaler = options.Precision == TrainingPrecision.Float16 ? new() : null,
        };
        Average = options.AverageDecay > 0 ? new(network, options.AverageDecay) : null;
        Watch = PlateauWatch.Of(options);
        Best = options.EarlyStoppingPatience > 0 ? new(network) : null;
    }

    /// <summary>What is trained; it has its live weights.</summary>
    public DetClipNetwork Network { get; }

    /// <summary>Offsets of embeddings, where they are trained.</summary>
    public EmbeddingOffsets? Offsets { get; }

    /// <summary>The loss of pairs, whose temperature may be learned.</summary>
    public WordRegionLoss Pairs { get; }

    /// <summary>AdamW and its moments.</summary>
    public NetworkOptimizer Optimizer { get; }

    /// <summary>Average of the weights; null where none is wanted.</summary>
    public WeightAverage? Average { get; }

    /// <summary>What was made of validations.</summary>
    public PlateauWatch Watch { get; }

    /// <summary>The weights that did best, where the run may end early.</summary>
    public BestWeights? Best { get; }

    /// <summary>Steps done, which is also where the data stands.</summary>
    public long Step { get; set; }

    /// <summary>The last step after which the network was measured; 0 before the first.</summary>
    public long MeasuredStep { get; set; }

    /// <summary>Whether a gradient of this length, infinite or no number, may come from a loss scale that is too large.</summary>
    public bool MayOverflow => Optimizer.Scaler is { Scale: >= SmallestScale };

    /// <inheritdoc/>
    public void Dispose()
    {
        Optimizer.Dispose();
        Average?.Dispose();
        Best?.Dispose();
        Pairs.Dispose();
    }

    private IReadOnlyList<ParameterGroup> Groups(DetClipTrainer.Options options)
    {
        var ofOffsets = Offsets?.named_parameters().Select(p => new NamedParameter(p.name, p.parameter)).ToArray() ?? [];
        var ofPairs = Pairs.named_parameters().Select(p => new NamedParameter($"pairs.{p.name}", p.parameter)).ToArray();
        ParameterGroup[] beside = [new(ofOffsets, RateFactor: 1, Decays: true), new(ofPairs, RateFactor: 1, Decays: false)];
        IReadOnlyList<ParameterGroup> groups = options.Mode == FineTuningMode.OffsetsOnly ? [beside[0]] : [.. ParameterGroups.Of(Network, options.TextRateFactor), .. beside];
        return [.. groups.Where(group => group.Parameters.Count > 0)];
    }
}
