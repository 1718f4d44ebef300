using Microsoft.ML.DetClip.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Networks that are moved to another number format, which TorchSharp does as it moves them to another device.</summary>
public class MovedNetworkTests
{
    private static readonly DetClipConfig WithEveryWeight = DetClipVariants.Nano with
    {
        Similarity = new() { Regions = RegionNorm.Batch, Texts = TextNorm.UnitHalvedProjected, Scale = LogitScale.Learned, Bias = LogitBias.Learned, ConceptBias = true },
    };

    [Fact]
    public void A_network_that_was_moved_there_and_back_computes_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = DetClipNetwork.Create(WithEveryWeight, seed: 1);
        network.eval();
        var pixels = randn(1, 3, 70, 90);
        var before = Detect(network, pixels);

        network.to(float64).to(float32);

        foreach (var (expected, actual) in before.Zip(Detect(network, pixels))) TensorAssert.Equal(expected, actual);
    }

    private static Tensor[] Detect(DetClipNetwork network, Tensor pixels)
    {
        var concepts = network.EncodeText(TorchOps.Inference, Tokens().to(pixels.device));
        var found = network.Detect(TorchOps.Inference, pixels, concepts, maxRegions: 20);
        return [found.Boxes, found.Scores, found.Embeddings, found.Locations, found.Qualities];
    }

    private static Tensor Tokens() => tensor(new long[] { 1022, 5, 6, 1023, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, [1, 16]);
}
