using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Names and shapes of all weights are a promise to every checkpoint; a change shows here.</summary>
public class StateDictTests
{
    [Theory]
    [InlineData("nano")]
    [InlineData("swin-t")]
    [InlineData("swin-s")]
    [InlineData("swin-b")]
    [InlineData("swin-l")]
    public void Keys_and_shapes_are_the_approved_ones(string variant)
    {
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var entries = new DetClipNetwork(DetClipVariants.Named(variant)).state_dict();
        Approved.Equal($"StateDict.{variant}", string.Join("\n", entries.Select(e => $"{e.Key} [{string.Join(", ", e.Value.shape)}]")));
    }

    [Fact]
    public void Optional_parts_have_the_approved_keys()
    {
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var nano = DetClipVariants.Nano with { Similarity = new() };
        var plain = new DetClipNetwork(nano).state_dict().Keys;
        string Added(DetClipConfig config) => string.Join(", ", new DetClipNetwork(config).state_dict().Keys.Except(plain));

        Assert.Equal("similarity.log_scale, similarity.concept_bias, similarity.text_projection.weight, similarity.text_projection.bias",
            Added(nano with { Similarity = SimilarityConfig.Glip }));
        Assert.Equal("similarity.log_scale", Added(nano with { Similarity = SimilarityConfig.YoloWorld }));
        Assert.Equal(
            "similarity.log_scale, similarity.region_norm.weight, similarity.region_norm.bias, similarity.region_norm.running_mean, " +
            "similarity.region_norm.running_var, similarity.region_norm.num_batches_tracked",
            Added(nano with { Similarity = SimilarityConfig.Yoloe }));
        Assert.Equal("head.foreground.weight, head.foreground.bias, head.iou.weight, head.iou.bias",
            Added(nano with { Head = nano.Head with { Foreground = true, PredictedIoU = true } }));
    }
}
