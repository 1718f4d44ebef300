using Xunit;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>Assertions about tensors whose failures show the worst element.</summary>
public static class TensorAssert
{
    /// <summary>|actual − expected| ≤ absolute + relative·|expected| everywhere. The shapes must be equal, and a NaN fails.</summary>
    public static void Close(Tensor expected, Tensor actual, double absolute, double relative = 0)
    {
        Assert.Equal(expected.shape, actual.shape);
        if (expected.numel() == 0) return;
        using var scope = NewDisposeScope();
        var (want, got) = (AsDoubles(expected), AsDoubles(actual));
        var excess = (got - want).abs() - absolute - relative * want.abs();
        excess = excess.nan_to_num(nan: double.MaxValue);
        var worst = excess.argmax().item<long>();
        Assert.True(excess.max().item<double>() <= 0,
            $"element {Position(worst, expected.shape)}: expected {want[worst].item<double>():G9}, got {got[worst].item<double>():G9}; " +
            $"allowed {absolute:G3} + {relative:G3} x |expected|; greatest difference {(got - want).abs().max().item<double>():G3}");
    }

    /// <summary>Every element is the same.</summary>
    public static void Equal(Tensor expected, Tensor actual) => Close(expected, actual, absolute: 0);

    private static Tensor AsDoubles(Tensor x) => x.detach().cpu().to(ScalarType.Float64).flatten();

    private static string Position(long flat, long[] shape)
    {
        var position = new long[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            position[axis] = flat % shape[axis];
            flat /= shape[axis];
        }
        return $"[{string.Join(", ", position)}]";
    }
}
