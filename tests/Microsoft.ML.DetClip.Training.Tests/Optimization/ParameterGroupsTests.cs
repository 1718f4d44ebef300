using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public class ParameterGroupsTests
{
    [Theory]
    [InlineData("backbone.layers.0.blocks.0.attn.qkv.weight", true)]
    [InlineData("backbone.layers.0.blocks.0.attn.qkv.bias", false)]
    [InlineData("backbone.layers.0.blocks.0.attn.relative_position_bias_table", false)]
    [InlineData("backbone.norm1.weight", false)]
    [InlineData("head.reg_tower.0.conv.weight", true)]
    [InlineData("head.reg_tower.0.norm.weight", false)]
    [InlineData("head.scale0", false)]
    [InlineData("text.positional_embedding", false)]
    [InlineData("text.transformer.resblocks.0.mlp.c_fc.weight", true)]
    [InlineData("similarity.bias", false)]
    public void Matrices_decay_and_nothing_else(string name, bool decays)
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        Assert.Equal(decays, ParameterGroups.Decays(name, network.named_parameters().Single(p => p.name == name).parameter));
    }

    [Fact]
    public void Every_parameter_is_in_one_group_and_text_has_its_own_rate()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        var groups = ParameterGroups.Of(network, textRateFactor: 0.1);

        Assert.Equal(network.parameters().Count(), groups.Sum(g => g.Parameters.Count));
        var text = network.named_parameters().Count(p => p.name.StartsWith("text."));
        Assert.Equal(text, groups.Where(g => g.RateFactor == 0.1).Sum(g => g.Parameters.Count));
        Assert.Equal(4, groups.Count);
    }

    [Fact]
    public void A_factor_of_zero_leaves_the_text_encoder_out()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        var trained = ParameterGroups.Of(network, textRateFactor: 0).Sum(g => g.Parameters.Count);

        Assert.Equal(network.named_parameters().Count(p => !p.name.StartsWith("text.")), trained);
    }
}
