using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>The pair loss at work on a whole network.</summary>
public class PairLossInNetworkTests
{
    private static readonly WordRegionLossOptions Few = new() { Proposals = 8 };

    private static readonly DetClipConfig WithExtraOutputs =
        DetClipVariants.Nano with { Head = DetClipVariants.Nano.Head with { Foreground = true, PredictedIoU = true } };

    [Fact]
    public void Words_teach_the_regression_tower_through_the_deformable_convolution()
    {
        using var scope = NewDisposeScope();
        var reached = Reached(DetClipVariants.Nano);

        const int ParametersOfAConvolution = 4; // weight and bias, of it and of its norm
        Assert.Equal(DetClipVariants.Nano.Head.TowerDepth * ParametersOfAConvolution, Under("head.reg_tower", reached).Count());
        Assert.Contains("head.deform.steering.weight", reached);
    }

    [Fact]
    public void Without_the_deformable_convolution_words_do_not_reach_the_regression_tower()
    {
        using var scope = NewDisposeScope();
        var reached = Reached(DetClipVariants.Nano with { Head = DetClipVariants.Nano.Head with { Deformable = false } });

        Assert.Empty(Under("head.reg_tower", reached));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Words_teach_both_encoders_but_neither_boxes_nor_centerness(bool deformable)
    {
        using var scope = NewDisposeScope();
        var reached = Reached(WithExtraOutputs with { Head = WithExtraOutputs.Head with { Deformable = deformable } });

        foreach (var taught in new[] { "backbone.patch_embed", "neck.lateral.0", "head.cls_tower", "head.embedding", "text.token_embedding" })
            Assert.NotEmpty(Under(taught, reached));
        foreach (var left in new[] { "head.deltas", "head.centerness", "head.foreground", "head.iou", "head.scale", "similarity.bias" })
            Assert.Empty(Under(left, reached));
    }

    [Theory]
    [InlineData(ProposalScore.BatchText, WordRegionMatching.OneToOne)]
    [InlineData(ProposalScore.OwnText, WordRegionMatching.OneToMany)]
    [InlineData(ProposalScore.BatchTextTimesCenterness, WordRegionMatching.LargestBox)]
    [InlineData(ProposalScore.Centerness, WordRegionMatching.LargestBox)]
    [InlineData(ProposalScore.Foreground, WordRegionMatching.OneToOne)]
    [InlineData(ProposalScore.PredictedIoU, WordRegionMatching.OneToOne)]
    public void A_few_steps_teach_which_caption_belongs_to_which_image(ProposalScore score, WordRegionMatching matching)
    {
        using var scope = NewDisposeScope();
        var network = DetClipNetwork.Create(WithExtraOutputs, seed: 1);
        var loss = new WordRegionLoss(Few with { ProposalScore = score, Matching = matching });
        var pixels = randn(3, 3, 64, 64);
        using var optimizer = optim.AdamW(network.parameters(), 2e-4);
        var losses = new List<float>();
        for (var step = 0; step < 20; step++)
        {
            using var one = NewDisposeScope();
            var parts = Compute(network, loss, pixels);
            losses.Add(parts.Contrast.item<float>());
            optimizer.zero_grad();
            parts.Total.backward();
            optimizer.step();
        }

        Assert.True(losses.TakeLast(5).Min() < 0.5 * Math.Log(3), $"a guess among three costs 1.1; the loss went {string.Join(", ", losses)}");
    }

    [Fact]
    public void In_blocks_the_parameters_get_the_same_gradients()
    {
        using var scope = NewDisposeScope();
        var (network, pixels) = (Nudged(DetClipVariants.Nano with { Backbone = DetClipVariants.Nano.Backbone with { DropPath = 0 } }), randn(3, 3, 64, 64));
        Dictionary<string, Tensor> Gradients(long blockElements)
        {
            network.zero_grad();
            Compute(network, new(Few with { BlockElements = blockElements }), pixels).Total.backward();
            return network.named_parameters().Where(p => p.parameter.grad is not null).ToDictionary(p => p.name, p => p.parameter.grad!.clone());
        }
        var (plain, blocks) = (Gradients(1 << 20), Gradients(1));

        Assert.Equal(plain.Keys, blocks.Keys);
        foreach (var (name, expected) in plain) TensorAssert.Close(expected, blocks[name], absolute: 2e-7 + 1e-4 * expected.abs().max().item<float>());
    }

    [Fact]
    public void A_step_on_pairs_leaves_no_tensors()
    {
        using var outer = NewDisposeScope();
        var (network, loss, pixels) = (Nudged(DetClipVariants.Nano), new WordRegionLoss(Few with { BlockElements = 1 }), randn(2, 3, 64, 64));
        LeakAssert.NoTensorsLeftBy(() =>
        {
            using var scope = NewDisposeScope();
            Compute(network, loss, pixels).Total.backward();
            network.zero_grad();
        });
    }

    // Names of the parameters that the pair loss gives a gradient.
    private static HashSet<string> Reached(DetClipConfig config)
    {
        var network = Nudged(config);
        Compute(network, new(Few), randn(2, 3, 64, 64)).Total.backward();
        return [.. network.named_parameters().Where(p => p.parameter.grad is { } g && g.abs().sum().item<float>() > 0).Select(p => p.name)];
    }

    private static IEnumerable<string> Under(string start, IEnumerable<string> names) => names.Where(n => n.StartsWith(start, StringComparison.Ordinal));

    // Steering starts at zero, and with it what flows through it; the first step of training moves it.
    private static DetClipNetwork Nudged(DetClipConfig config)
    {
        var network = DetClipNetwork.Create(config, seed: 1);
        using var frozen = no_grad();
        foreach (var (name, p) in network.named_parameters()) if (name.Contains("steering")) nn.init.normal_(p, 0, 0.1);
        return network;
    }

    // Image i has the caption i + 1 and the phrases that go with it; the first two share one.
    private static WordRegionLossParts Compute(DetClipNetwork network, WordRegionLoss loss, Tensor pixels)
    {
        var images = pixels.shape[0];
        var members = Scene.Indices([1, 0, 4, /**/ 2, 0, -1, /**/ 3, -1, -1]).view(3, 3).narrow(0, 0, images);
        static Tensor Tokens(int concept) => cat([tensor(new long[] { 1022, 10 + 7 * concept, 11 + 5 * concept, 1023 }), zeros(12, int64)]);
        var tokens = stack([.. Enumerable.Range(0, 5).Select(Tokens)]); // [5, 16]
        var texts = new PairTexts(network.EncodeText(TorchOps.Training, tokens), members);
        return loss.Compute(network.Locations(TorchOps.Training, pixels), texts, network.LogitFunction());
    }
}
