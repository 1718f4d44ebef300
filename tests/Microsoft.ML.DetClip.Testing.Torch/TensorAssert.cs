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
        var (want, got) = (AsDoubles(expected), AsDoubles(actual));
        var excess = want.Zip(got, (w, g) => Excess(w, g)).ToArray();
        var worst = Array.IndexOf(excess, excess.Max());
        Assert.True(excess[worst] <= 0,
            $"element {Position(worst, expected.shape)}: expected {want[worst]:G9}, got {got[worst]:G9}; " +
            $"allowed {absolute:G3} + {relative:G3} x |expected|; greatest difference {want.Zip(got, (w, g) => Math.Abs(g - w)).Max():G3}");

        double Excess(double wanted, double found)
        {
            var excess = Math.Abs(found - wanted) - absolute - relative * Math.Abs(wanted);
            return double.IsNaN(excess) ? double.MaxValue : excess;
        }
    }

    /// <summary>Every element is the same.</summary>
    public static void Equal(Tensor expected, Tensor actual) => Close(expected, actual, absolute: 0);

    // Compared here and not by torch: TorchSharp's scalars can be freed while an operator reads them, once in many thousand times.
    private static double[] AsDoubles(Tensor x)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return x.detach().cpu().to(ScalarType.Float64).contiguous().data<double>().ToArray();
    }

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
