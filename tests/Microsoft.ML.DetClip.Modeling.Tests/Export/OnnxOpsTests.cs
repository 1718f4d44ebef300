using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class OnnxOpsTests
{
    // One graph serves all sizes: smaller than a window, one window on one axis, whole windows, padding on either axis.
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_window_block_of_any_map_size_equals_torch(int shift)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var folder = new TemporaryFolder();
        random.manual_seed(4);
        var block = new SwinBlock(channels: 12, heads: 3, new WindowGrid(Size: 7, shift), dropPath: 0.5);
        foreach (var parameter in block.parameters()) nn.init.normal_(parameter, 0, 0.5);
        using var runner = Export(folder.File("block.onnx"), block, ops => block.Forward(ops, ops.Input("x", OnnxType.Float, "N", "H", "W", 12)));

        foreach (var (height, width) in ((int, int)[])[(1, 1), (3, 7), (7, 7), (7, 20), (14, 5), (14, 21), (15, 8), (20, 22)])
        {
            var x = randn(2, height, width, 12);
            TensorAssert.Close(block.Forward(TorchOps.Inference, x), runner.Run(("x", x))["y"], absolute: 1e-4, relative: 1e-4);
        }
    }

    [Fact]
    public void Merging_of_any_map_size_equals_torch()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var folder = new TemporaryFolder();
        var merging = new PatchMerging(channels: 5);
        using var runner = Export(folder.File("merging.onnx"), merging, ops => merging.Forward(ops, ops.Input("x", OnnxType.Float, "N", "H", "W", 5)));

        foreach (var (height, width) in ((int, int)[])[(1, 1), (2, 3), (5, 4), (6, 6)])
        {
            var x = randn(3, height, width, 5);
            TensorAssert.Close(merging.Forward(TorchOps.Inference, x), runner.Run(("x", x))["y"], absolute: 1e-5);
        }
    }

    [Fact]
    public void Normalizing_a_zero_vector_gives_zeros()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var runner = Export(folder.File("normalize.onnx"), new PatchMerging(1), ops => ops.Normalize(ops.Input("x", OnnxType.Float, "N", 3)));

        TensorAssert.Close(tensor(new float[,] { { 0, 0, 0 }, { 0.6f, 0, -0.8f } }), runner.Run(("x", tensor(new float[,] { { 0, 0, 0 }, { 3, 0, -4 } })))["y"], absolute: 1e-6);
    }

    [Fact]
    public void Initializers_are_the_state_dictionary_by_name_and_layout()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var stored = DetectorExporter.ImageGraph(network, 10).Initializers.Concat(DetectorExporter.TextGraph(network).Initializers)
            .Where(t => !t.Name.StartsWith("constant/") && t.Name != DetectorContract.MaxRegions).ToDictionary(t => t.Name, t => t.Shape);

        Assert.Equal(network.state_dict().Keys.Order(), stored.Keys.Order());
        foreach (var (key, weights) in network.state_dict()) Assert.Equal(weights.shape, stored[key]);
    }

    [Fact]
    public void Every_node_and_value_has_a_name_of_its_own_under_its_part()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var nodes = DetectorExporter.ImageGraph(network, 10).Nodes;

        Assert.Equal(nodes.Count, nodes.Select(n => n.Name).Distinct().Count());
        Assert.Equal(nodes.Sum(n => n.Outputs.Count), nodes.SelectMany(n => n.Outputs).Distinct().Count());
        Assert.Contains(nodes, n => n.Name == "detector/backbone/stage1/block/LayerNormalization");
        Assert.Contains(nodes, n => n.Name == "detector/head/p3/deform/DeformConv");
        Assert.All(nodes.Where(n => n.Type is "Conv" or "Attention" or "LayerNormalization"), n => Assert.StartsWith("detector/", n.Name));
    }

    [Fact]
    public void Attention_in_one_operator_says_the_same_as_in_steps()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        using var inOne = new GraphOutputs(DetectorExporter.ImageGraph(detector.Network, 50, opset: OnnxFile.OpsetWithAttention), threads: 1);
        using var inSteps = new GraphOutputs(DetectorExporter.ImageGraph(detector.Network, 50), threads: 1);
        var image = PrecisionTests.Random(1, 130, 97);

        var (expected, found) = (inSteps.Locations(image), inOne.Locations(image));

        var change = expected.Largest(found, expected.Best(50));
        Assert.InRange(change.Box, 0, 1e-3);
        Assert.InRange(change.Score, 0, 1e-5);
    }

    [Fact]
    public void Index_tables_of_equal_grids_are_computed_once()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano with { Backbone = DetClipVariants.Nano.Backbone with { Depths = [6, 1, 1, 1] } }, seed: 1);
        using var shallow = DetClipNetwork.Create(DetClipVariants.Nano with { Backbone = DetClipVariants.Nano.Backbone with { Depths = [2, 1, 1, 1] } }, seed: 1);

        Assert.Equal(Sizes(shallow), Sizes(network));

        static int Sizes(DetClipNetwork network) => DetectorExporter.ImageGraph(network, 10).Nodes.Count(n => n.Name.StartsWith("sizes/"));
    }

    private static OnnxRunner Export(string path, nn.Module module, Func<OnnxOps, OnnxValue> write)
    {
        var graph = new OnnxGraph("test");
        var ops = new OnnxOps(graph, module);
        var y = write(ops);
        ops.Output("y", OnnxType.Float, y, [.. y.Shape.Select((size, axis) => (object?)size.Number ?? $"y{axis}")]);
        OnnxFile.Save(graph, path, new Dictionary<string, string>());
        return new(path);
    }
}
