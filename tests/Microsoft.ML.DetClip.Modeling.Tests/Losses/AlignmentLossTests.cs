using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class AlignmentLossTests
{
    private const int Regions = 23, Concepts = 7, Width = 4;

    [Theory]
    [InlineData(7)]   // one region at a time
    [InlineData(35)]  // five regions, and three in the last block
    [InlineData(1)]   // less than a region: still one
    [InlineData(161)] // all
    public void In_blocks_it_is_the_plain_focal_loss_in_value_and_gradients(long blockElements)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (positives, shown) = (Scene.Indices([0, 4, 5, 14, 22]), Scene.Indices([6, 0, 0, 3, 2]));
        Tensor[] inputs = [randn(Regions, Width, float64), randn(Concepts, Width, float64), randn(1, float64)];
        Tensor Plain(Tensor[] x) => new FocalLoss().PerPositive(x[0].matmul(x[1].t()) + x[2], positives, shown);
        Tensor Blocks(Tensor[] x) => new AlignmentLoss { BlockElements = blockElements }.PerPositive(x[0], x[1], new(x[2]), positives, shown);

        TensorAssert.Close(Plain(inputs), Blocks(inputs), absolute: 1e-12);
        foreach (var (expected, actual) in FiniteDifferences.Gradients(Plain, inputs).Zip(FiniteDifferences.Gradients(Blocks, inputs)))
            TensorAssert.Close(expected, actual, absolute: 1e-12);
    }

    [Fact]
    public void Gradients_are_those_of_finite_differences()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(2);
        var (positives, shown) = (Scene.Indices([1, 3, 20]), Scene.Indices([6, 6, 1]));

        FiniteDifferences.AgreeWithGradients(
            x => new AlignmentLoss { BlockElements = 50 }.PerPositive(x[0], x[1], new(x[2], Offset: -1), positives, shown),
            randn(Regions, Width, float64), randn(Concepts, Width, float64), randn(1, float64));
    }

    [Fact]
    public void Without_positives_every_similarity_is_pushed_down()
    {
        using var scope = NewDisposeScope();
        var none = Scene.Indices([]);
        var bias = zeros(1).requires_grad_();

        var loss = new AlignmentLoss { BlockElements = 20 }.PerPositive(randn(Regions, Width), randn(Concepts, Width), new(bias), none, none);
        loss.backward();

        Assert.True(float.IsFinite(loss.item<float>()));
        Assert.True(bias.grad!.item<float>() > 0);
    }

    [Theory]
    [InlineData(20)]
    [InlineData(1 << 20)]
    public void Embeddings_of_half_width_are_summed_in_float32(long blockElements)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        var (regions, concepts) = (randn(Regions, Width).to(bfloat16).requires_grad_(), randn(Concepts, Width).to(bfloat16));
        var (positives, shown) = (Scene.Indices([2, 9]), Scene.Indices([1, 5]));

        var loss = new AlignmentLoss { BlockElements = blockElements }.PerPositive(regions, concepts, new(), positives, shown);
        loss.backward();

        var logits = regions.to(float32).matmul(concepts.to(float32).t());
        TensorAssert.Close(new FocalLoss().PerPositive(logits, positives, shown), loss, absolute: 0, relative: 1e-5);
        Assert.Equal(float32, loss.dtype);
        Assert.Equal(bfloat16, regions.grad!.dtype);
    }

    [Fact]
    public void Computing_in_blocks_leaves_no_tensors_behind() => LeakAssert.NoTensorsLeftBy(() =>
    {
        using var scope = NewDisposeScope();
        var (regions, bias) = (randn(Regions, Width).requires_grad_(), zeros(1).requires_grad_());
        new AlignmentLoss { BlockElements = 20 }.PerPositive(regions, randn(Concepts, Width), new(bias), Scene.Indices([3]), Scene.Indices([2])).backward();
    });
}
