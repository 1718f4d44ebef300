using Microsoft.ML.DetClip.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class MixedPrecisionTests
{
    /// <summary>Half the distance of neighbours near 1: how far rounding once may go, as a share.</summary>
    private static readonly Dictionary<ScalarType, double> Rounding = new() { [ScalarType.BFloat16] = 1.0 / 256, [ScalarType.Float16] = 1.0 / 2048 };

    public static TheoryData<ScalarType> Types => new(Rounding.Keys);

    [Theory]
    [MemberData(nameof(Types))]
    public void Products_are_narrow_and_all_else_is_single(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var ops = TorchOps.ForTraining(type, recompute: false);
        var (tokens, map) = (rand(2, 5, 8), rand(2, 8, 6, 6));

        Assert.Equal(type, ops.Linear(tokens, nn.Linear(8, 8)).dtype);
        Assert.Equal(type, ops.Conv2d(map, nn.Conv2d(8, 8, 3, padding: 1)).dtype);
        Assert.Equal(type, ops.CausalAttention(rand(2, 5, 24).to(type), heads: 2).dtype);
        Assert.Equal(float32, ops.LayerNorm(tokens.to(type), nn.LayerNorm(8)).dtype);
        Assert.Equal(float32, ops.GroupNorm(map.to(type), Initial.GroupNorm(2, 8)).dtype);
        Assert.Equal(float32, ops.Normalize(tokens.to(type)).dtype);
        Assert.Equal(float32, ops.Similarities(tokens.to(type), rand(3, 8)).dtype);
        Assert.Equal(float32, ops.Add(tokens, ops.DropPath(tokens.to(type), 0.5)).dtype); // the residual stream
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Single_precision_inference_is_not_touched(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var (x, layer) = (rand(3, 8), nn.Linear(8, 8));

        var narrow = TorchOps.ForTraining(type, recompute: false).Linear(x, layer);

        Assert.Equal(float32, TorchOps.Inference.Linear(x, layer).dtype);
        TensorAssert.Close(TorchOps.Inference.Linear(x, layer), narrow, absolute: 4 * Rounding[type]);
    }

    /// <summary>Every size at which some tap of a kernel sees nothing but padding, and some at which none does.</summary>
    [Theory]
    [MemberData(nameof(Types))]
    public void Gradients_of_convolutions_of_the_smallest_maps_are_right_whatever_memory_held_before(ScalarType type)
    {
        foreach (var channels in new[] { 8, 64 })
            foreach (var stride in new[] { 1, 2 })
                foreach (var height in new[] { 1, 2, 3 })
                    foreach (var width in new[] { 1, 2, 5 })
                        CompareConvolutions(type, channels, stride, height, width);
    }

    private static void CompareConvolutions(ScalarType type, int channels, int stride, int height, int width)
    {
        using var scope = NewDisposeScope();
        var layer = Initial.Conv(channels, channels, kernel: 3, std: 0.05, stride: stride);
        var x = rand(2, channels, height, width);
        SpoilFreedMemory(channels * channels * 9, type);

        var narrow = Gradient(TorchOps.ForTraining(type, recompute: false), x, layer);
        var single = Gradient(TorchOps.Training, x, layer);

        // Each element sums products of rounded factors.
        TensorAssert.Close(single, narrow, absolute: 8 * Rounding[type] * single.abs().max().item<float>());
    }

    private static Tensor Gradient(TorchOps ops, Tensor x, Conv2d layer)
    {
        layer.weight!.grad = null;
        ops.Conv2d(x, layer).square().sum().to(float32).backward();
        return layer.weight.grad!.clone();
    }

    private static void SpoilFreedMemory(long elements, ScalarType type)
    {
        for (var i = 0; i < 200; i++) full([elements], float.NaN, dtype: type).Dispose();
    }
}
