using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class NetworkCostTests
{
    [Fact]
    public void Swin_t_as_a_classifier_costs_what_its_paper_says()
    {
        const long Classes = 1000, Width = 768;
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var ops = new CostOps();
        new SwinTransformer(DetClipVariants.SwinTiny.Backbone).Forward(ops, new(1, 3, 224, 224));
        const long NormsOfADetectorOnly = 2 * (192 + 384);

        Assert.Equal(28_288_354, ops.Cost.Parameters - NormsOfADetectorOnly + (Width + 1) * Classes); // Liu et al. 2021, table 1: 28.3 M
        Assert.Equal(4.5e9, ops.Cost.MultiplyAdds + Width * Classes, 0.01 * 4.5e9);                    // and 4.5 G
    }

    [Theory]
    [InlineData("nano", 64, 64, 1)]
    [InlineData("nano", 131, 77, 5)]
    [InlineData("nano", 1, 1, 80)]
    public void Shapes_are_those_of_the_network_when_it_runs(string variant, int height, int width, int concepts)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var config = DetClipVariants.Named(variant);
        config = config with { Similarity = SimilarityConfig.Glip, Head = config.Head with { Foreground = true, PredictedIoU = true } };
        var network = DetClipNetwork.Create(config, seed: 1);
        var (run, cost) = (TorchOps.Inference, new CostOps());
        var texts = network.EncodeText(run, zeros(concepts, network.Config.Text.Length, int64));
        var textShape = network.EncodeText(cost, new(concepts, network.Config.Text.Length));
        Assert.Equal(texts.shape, textShape.Sizes);

        var ran = network.Locations(run, zeros(2, 3, height, width));
        var counted = network.Locations(cost, new(2, 3, height, width));
        Tensor[] tensors = [ran.Embeddings, ran.Deltas, ran.Centerness, ran.Foreground!, ran.IoU!, ran.Anchors, .. ran.Levels];
        Shape[] shapes = [counted.Embeddings, counted.Deltas, counted.Centerness, counted.Foreground!, counted.IoU!, counted.Anchors, .. counted.Levels];
        Assert.Equal(tensors.Select(t => t.shape), shapes.Select(s => s.Sizes));

        var found = network.Detect(run, zeros(2, 3, height, width), texts, 20);
        var foundShape = network.Detect(cost, new(2, 3, height, width), textShape, 20);
        tensors = [found.Boxes, found.Scores, found.Embeddings, found.Locations];
        shapes = [foundShape.Boxes, foundShape.Scores, foundShape.Embeddings, foundShape.Locations];
        Assert.Equal(tensors.Select(t => t.shape), shapes.Select(s => s.Sizes));
    }

    [Theory]
    [InlineData("nano")]
    [InlineData("swin-t")]
    [InlineData("swin-l")]
    public void Every_parameter_is_counted_once(string variant)
    {
        using var scope = NewDisposeScope();
        using var meta = DefaultDevice.Use(META);
        var config = DetClipVariants.Named(variant);
        var cost = NetworkCost.Of(config, 224, 320, 3);
        Assert.Equal(new DetClipNetwork(config).named_parameters().Sum(p => p.parameter.numel()), cost.Parameters);
        Assert.Equal(cost.Parameters, cost.Parts.Sum(p => p.Parameters));
        Assert.Equal(cost.MultiplyAdds, cost.Parts.Sum(p => p.MultiplyAdds));
        Assert.Equal(cost.Activations, cost.Parts.Sum(p => p.Activations));
    }

    [Fact]
    public void A_concept_more_costs_one_product_for_each_location_and_region()
    {
        const int Locations = 24 * 24 + 12 * 12 + 6 * 6 + 3 * 3 + 2 * 2, Regions = 100;
        using var scope = NewDisposeScope();
        long Detector(int concepts) => NetworkCost.Of(DetClipVariants.Nano, 192, 192, concepts).Find("detector")!.MultiplyAdds;
        Assert.Equal((Locations + Regions) * DetClipVariants.Nano.EmbeddingWidth, Detector(8) - Detector(7));
    }

    [Fact]
    public void An_image_of_twice_the_sides_costs_four_times_where_windows_fit()
    {
        using var scope = NewDisposeScope();
        var side = 32 * DetClipVariants.Nano.Backbone.Window;
        long Backbone(int pixels) => NetworkCost.Of(DetClipVariants.Nano, pixels, pixels, 1).Find("detector", "backbone")!.MultiplyAdds;
        Assert.Equal(4 * Backbone(side), Backbone(2 * side));
    }

    [Fact]
    public void Bad_sizes_are_named()
    {
        Assert.Equal("height", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCost.Of(DetClipVariants.Nano, 0, 1, 1)).ParamName);
        Assert.Equal("width", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCost.Of(DetClipVariants.Nano, 1, -1, 1)).ParamName);
        Assert.Equal("concepts", Assert.Throws<ArgumentOutOfRangeException>(() => NetworkCost.Of(DetClipVariants.Nano, 1, 1, 0)).ParamName);
    }
}
