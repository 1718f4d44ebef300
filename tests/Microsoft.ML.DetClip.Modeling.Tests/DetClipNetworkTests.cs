using Microsoft.ML.DetClip.Testing;
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

    [Fact]
    public void Detecting_twice_gives_the_same_bits()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (network, pixels, concepts) = NanoAtWork(images: 1);
        var (first, second) = (network.Detect(TorchOps.Inference, pixels, concepts, 50), network.Detect(TorchOps.Inference, pixels, concepts, 50));
        foreach (var (a, b) in All(first).Zip(All(second))) TensorAssert.Equal(a, b);
    }

    [Fact]
    public void An_image_is_read_alike_alone_and_in_a_batch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (network, pixels, _) = NanoAtWork(images: 3);
        var together = network.Locations(TorchOps.Inference, pixels);
        for (var i = 0; i < 3; i++)
        {
            var alone = network.Locations(TorchOps.Inference, pixels.narrow(0, i, 1));
            TensorAssert.Close(alone.Embeddings, together.Embeddings.narrow(0, i, 1), absolute: 1e-5);
            TensorAssert.Close(alone.Deltas, together.Deltas.narrow(0, i, 1), absolute: 1e-5);
            TensorAssert.Close(alone.Centerness, together.Centerness.narrow(0, i, 1), absolute: 1e-5);
        }
    }

    [Fact]
    public void A_concepts_probability_does_not_depend_on_the_other_concepts()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (network, pixels, concepts) = NanoAtWork(images: 1);
        var embeddings = network.Locations(TorchOps.Inference, pixels).Embeddings;
        Tensor Probabilities(Tensor asked) => network.Logits(TorchOps.Inference, embeddings, asked).sigmoid();
        var all = Probabilities(concepts);
        for (var k = 0; k < concepts.shape[0]; k++)
            TensorAssert.Close(Probabilities(concepts.narrow(0, k, 1)), all.narrow(2, k, 1), absolute: 1e-6);
    }

    [Fact]
    public void Detecting_leaves_no_tensors_but_its_results()
    {
        using var outer = NewDisposeScope();
        using var frozen = no_grad();
        var (network, pixels, concepts) = NanoAtWork(images: 1);
        LeakAssert.NoTensorsLeftBy(() =>
        {
            foreach (var result in All(network.Detect(TorchOps.Inference, pixels, concepts, 50))) result.Dispose();
        });
    }

    [Fact]
    public void A_training_step_leaves_no_tensors()
    {
        using var outer = NewDisposeScope();
        var (network, pixels, concepts) = NanoAtWork(images: 2);
        LeakAssert.NoTensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            var output = network.Locations(TorchOps.Training, pixels);
            network.Logits(TorchOps.Training, output.Embeddings, concepts).square().sum().backward();
            network.zero_grad();
        });
    }

    private static (DetClipNetwork Network, Tensor Pixels, Tensor Concepts) NanoAtWork(int images)
    {
        var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        network.eval();
        using var frozen = no_grad();
        foreach (var (name, p) in network.named_parameters()) if (name.Contains("steering")) nn.init.normal_(p, 0, 0.05);
        return (network, randn(images, 3, 100, 75), randn(5, DetClipVariants.Nano.EmbeddingWidth));
    }

    private static Tensor[] All(RegionOutput<Tensor> output) => [output.Boxes, output.Scores, output.Embeddings, output.Locations, output.Qualities];
}
