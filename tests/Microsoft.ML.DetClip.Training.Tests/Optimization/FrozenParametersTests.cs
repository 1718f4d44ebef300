using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public class FrozenParametersTests
{
    [Theory]
    [InlineData("backbone", "backbone.layers.0.blocks.0.attn.qkv.weight", true)]
    [InlineData("backbone.*", "backbone.layers.0.blocks.0.attn.qkv.weight", true)]
    [InlineData("backbone.layers.1", "backbone.layers.1.blocks.0.attn.qkv.weight", true)]
    [InlineData("backbone.layers.1", "backbone.layers.10.blocks.0.attn.qkv.weight", false)]
    [InlineData("back", "backbone.layers.0.blocks.0.attn.qkv.weight", false)]
    [InlineData("*.norm1.*", "backbone.layers.0.blocks.0.norm1.weight", true)]
    [InlineData("*.norm1.*", "backbone.layers.0.blocks.0.norm2.weight", false)]
    [InlineData("similarity.bias", "similarity.bias", true)]
    [InlineData("Similarity.*", "similarity.bias", false)]
    public void A_pattern_is_a_name_or_its_beginning_and_a_star_stands_for_anything(string pattern, string name, bool matches) =>
        Assert.Equal(matches, FrozenParameters.Matches(pattern, name));

    [Fact]
    public void What_is_frozen_stays_to_the_bit_and_the_rest_is_trained()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var before = Weights(network);

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), Tiny.Options with { Freeze = ["backbone", "head.*norm*"] }, TorchSharp.torch.CPU).Run();

        var changed = Weights(network).Where(w => !w.Value.SequenceEqual(before[w.Key])).Select(w => w.Key).ToArray();
        Assert.DoesNotContain(changed, name => name.StartsWith("backbone.") || (name.StartsWith("head.") && name.Contains("norm")));
        Assert.Contains("neck.lateral.0.weight", changed);
        Assert.Contains("text.text_projection", changed);
    }

    [Fact]
    public void A_later_run_trains_what_an_earlier_one_froze()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        FrozenParameters.Apply(network, ["backbone"], textToo: true);
        FrozenParameters.Apply(network, [], textToo: false);

        Assert.All(network.parameters(), p => Assert.True(p.requires_grad));
    }

    [Theory]
    [InlineData("bakbone.*", "'backbone'")]
    [InlineData("head.cls_towr", "'head.cls_tower'")]
    [InlineData("text.layers", "'text.")]
    public void A_pattern_that_names_nothing_is_answered_with_the_nearest_name(string pattern, string nearest)
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        var error = Assert.Throws<ArgumentException>(() => FrozenParameters.Apply(network, [pattern], textToo: false));

        Assert.Contains($"'{pattern}'", error.Message);
        Assert.Contains(nearest, error.Message);
    }

    [Fact]
    public void Freezing_everything_is_refused()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        Assert.Contains("nothing left", Assert.Throws<ArgumentException>(() => FrozenParameters.Apply(network, ["*"], textToo: false)).Message);
    }

    private static Dictionary<string, float[]> Weights(DetClipNetwork network) =>
        network.state_dict().ToDictionary(w => w.Key, w => w.Value.data<float>().ToArray());
}
