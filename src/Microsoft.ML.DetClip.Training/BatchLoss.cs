using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The loss of a batch, by its kind: detection and grounding align regions with concepts, pairs contrast images with texts. DetCLIPv2, sections 3.2 and 3.4.</summary>
internal sealed class BatchLoss
{
    private readonly DetClipNetwork _network;
    private readonly WordRegionLoss _pairs;
    private readonly TorchOps _ops;
    private readonly DetectionLoss _detection;
    private readonly EmbeddingOffsets? _offsets;
    private readonly bool _isNetworkTrained;

    /// <param name="network">What is trained.</param>
    /// <param name="pairs">The loss of pairs.</param>
    /// <param name="options">Weights of the losses and how the network is run.</param>
    /// <param name="offsets">Offsets of embeddings that are trained, with the network or instead of it; null for none.</param>
    public BatchLoss(DetClipNetwork network, WordRegionLoss pairs, DetClipTrainer.Options options, EmbeddingOffsets? offsets = null)
    {
        (_network, _pairs, _offsets) = (network, pairs, offsets);
        _isNetworkTrained = options.Mode != FineTuningMode.OffsetsOnly;
        _ops = _isNetworkTrained ? TorchOps.ForTraining(TypeOf(options.Precision), options.RecomputeActivations) : TorchOps.Inference;
        _detection = new(options.BoxWeight, options.CenternessWeight);
    }

    /// <summary>What is minimised, a scalar with its gradient, and the numbers it is made of.</summary>
    public (Tensor Total, LossValues Values) Compute(TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        var (concepts, output) = Run(batch);
        var (total, values) = batch.Kind switch
        {
            SampleKind.Detection => WithBoxes(_detection, output, concepts, batch),
            SampleKind.Grounding => WithBoxes(DetectionLoss.Grounding, output, concepts, batch),
            _ => OfPairs(output, concepts, batch),
        };
        return (total.MoveToOuterDisposeScope(), values);
    }

    private (Tensor Concepts, HeadOutput<Tensor> Output) Run(TrainingBatch batch)
    {
        using var gradients = set_grad_enabled(_isNetworkTrained); // nothing flows into a network that is not trained
        var concepts = _network.EncodeText(_ops, batch.Tokens).AtLeastFloat32();                  // [K, D]
        var output = _network.Locations(_ops, batch.Pixels).AtLeastFloat32();
        if (_offsets is null) return (concepts, output);
        using var ofOffsets = enable_grad();
        return (_offsets.AddTo(concepts, batch.Concepts), output);
    }

    private (Tensor, LossValues) WithBoxes(DetectionLoss loss, HeadOutput<Tensor> output, Tensor concepts, TrainingBatch batch)
    {
        var parts = loss.Compute(output, concepts, _network.LogitFunction(), batch.Targets);
        return (parts.Total, new(Number(parts.Total))
        {
            Alignment = Number(parts.Alignment), Boxes = Number(parts.Boxes), Centerness = Number(parts.Centerness), Proposals = Number(parts.Proposals),
        });
    }

    private (Tensor, LossValues) OfPairs(HeadOutput<Tensor> output, Tensor concepts, TrainingBatch batch)
    {
        var parts = _pairs.Compute(output, new PairTexts(concepts, batch.Members!), _network.LogitFunction());
        return (parts.Total, new(Number(parts.Total)) { Pairs = Number(parts.Contrast), PairAccuracy = Number(parts.Accuracy) });
    }

    private static double Number(Tensor scalar) => scalar.item<float>();

    internal static ScalarType TypeOf(TrainingPrecision precision) => precision switch
    {
        TrainingPrecision.BFloat16 => ScalarType.BFloat16,
        TrainingPrecision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };
}
