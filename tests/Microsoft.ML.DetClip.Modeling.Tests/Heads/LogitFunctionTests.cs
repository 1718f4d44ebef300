using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class LogitFunctionTests
{
    public static TheoryData<SimilarityConfig> Readings { get; } =
    [
        new(), SimilarityConfig.Glip, SimilarityConfig.YoloWorld, SimilarityConfig.Yoloe,
        new() { Bias = LogitBias.Fixed, InitialBias = -2, Scale = LogitScale.Fixed, InitialScale = 3 }, new() { Bias = LogitBias.None, Clamp = 0.5 },
    ];

    [Theory]
    [MemberData(nameof(Readings))]
    public void It_is_the_networks_own_rule(SimilarityConfig reading)
    {
        using var scope = NewDisposeScope();
        var network = DetClipNetwork.Create(DetClipVariants.Nano with { Similarity = reading }, seed: 1);
        var width = ConceptSimilarity.OutputWidth(reading, DetClipVariants.Nano.EmbeddingWidth);
        var (regions, concepts) = (randn(2, 5, width), randn(3, width));

        TensorAssert.Close(network.Logits(TorchOps.Training, regions, concepts), network.LogitFunction().Compute(regions, concepts), absolute: 1e-5);
    }
}
