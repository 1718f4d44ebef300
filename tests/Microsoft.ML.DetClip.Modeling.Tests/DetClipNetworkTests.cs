using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class DetClipNetworkTests
{
    [Theory]
    [InlineData(64, 96)]
    [InlineData(131, 77)] // no multiple of anything
    [InlineData(1, 1)]
    public void Detect_gives_boxes_scores_embeddings_and_locations_of_any_size(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        network.eval();
        var tokens = tensor(new long[] { 1022, 5, 6, 1023, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1022, 9, 1023, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, [2, 16]);

        var concepts = network.EncodeText(TorchOps.Inference, tokens);
        var regions = network.Detect(TorchOps.Inference, randn(2, 3, height, width), concepts, maxRegions: 20);

        var kept = Math.Min(20, regions.Locations.shape[1]);
        Assert.Equal([2, kept, 4], regions.Boxes.shape);
        Assert.Equal([2, kept, 2], regions.Scores.shape);
        Assert.Equal([2, kept, 64], regions.Embeddings.shape);
        Assert.True(regions.Scores.isfinite().all().item<bool>());
    }

    [Fact]
    public void Every_parameter_gets_a_gradient()
    {
        using var scope = NewDisposeScope();
        var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var concepts = network.EncodeText(TorchOps.Training, tensor(new long[] { 1022, 5, 6, 1023, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }, [1, 16]));

        // Steering starts at zero, and with it every gradient of the kernel's offsets; a nudge shows that they are connected.
        using (no_grad()) foreach (var (name, p) in network.named_parameters()) if (name.Contains("steering")) nn.init.normal_(p, 0, 0.1);
        var output = network.Locations(TorchOps.Training, randn(2, 3, 130, 130));
        var logits = network.Logits(TorchOps.Training, output.Embeddings, concepts);
        (logits.square().sum() + output.Deltas.square().sum() + output.Centerness.square().sum()).backward();

        var without = network.named_parameters().Where(p => p.parameter.grad is null || p.parameter.grad.abs().sum().item<float>() == 0).Select(p => p.name);
        Assert.Empty(without);
    }

    [Fact]
    public void A_seed_gives_the_same_network_and_weights_vary()
    {
        using var scope = NewDisposeScope();
        var (first, second) = (DetClipNetwork.Create(DetClipVariants.Nano, seed: 7), DetClipNetwork.Create(DetClipVariants.Nano, seed: 7));
        foreach (var ((name, a), (_, b)) in first.named_parameters().Zip(second.named_parameters()))
        {
            Assert.True(a.eq(b).all().item<bool>(), name);
            Assert.True(a.dim() < 2 || name.Contains("steering") || name.Contains("concept_bias") || a.std().item<float>() > 1e-3, $"{name} is constant");
        }
    }
}
