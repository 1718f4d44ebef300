using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip;

/// <summary>Arithmetic of embeddings.</summary>
internal static class Vectors
{
    /// <summary>a · b, of equal lengths; the order of the sums depends on the machine's vector width alone.</summary>
    public static float Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var va = MemoryMarshal.Cast<float, Vector<float>>(a);
        var vb = MemoryMarshal.Cast<float, Vector<float>>(b);
        var sums = Vector<float>.Zero;
        for (var i = 0; i < va.Length; i++) sums += va[i] * vb[i];
        var sum = Vector.Sum(sums);
        for (var i = va.Length * Vector<float>.Count; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    /// <summary>√(a · a).</summary>
    public static float Length(ReadOnlySpan<float> a) => MathF.Sqrt(Dot(a, a));

    /// <summary>a · factor.</summary>
    public static float[] Scale(ReadOnlySpan<float> a, float factor)
    {
        var scaled = a.ToArray();
        for (var i = 0; i < scaled.Length; i++) scaled[i] *= factor;
        return scaled;
    }

    /// <summary>a + b.</summary>
    public static float[] Add(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = a.ToArray();
        for (var i = 0; i < sum.Length; i++) sum[i] += b[i];
        return sum;
    }
}
