using System.Numerics;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The numbers of one AdamW step, as both ways to do it use them. Loshchilov and Hutter 2019, algorithm 2.</summary>
/// <param name="Rate">Learning rate over the first moment's bias correction.</param>
/// <param name="Keep">What weight decay leaves of a parameter.</param>
/// <param name="GradientFactor">What the gradient is multiplied by before use.</param>
/// <param name="Spread">Root of the second moment's bias correction.</param>
internal readonly record struct AdamStep(double Rate, double Keep, double GradientFactor, double Spread);

/// <summary>AdamW in one pass over memory, for float32 on a CPU: torch's operators take nine, and each waits for memory.</summary>
internal static class AdamKernel
{
    /// <summary>Numbers that one thread handles at a time.</summary>
    private const int Chunk = 1 << 18;

    /// <summary>Whether it can work on a parameter.</summary>
    public static bool CanStep(Tensor parameter) =>
        parameter.device_type == TorchSharp.DeviceType.CPU && parameter.dtype == ScalarType.Float32 && parameter.is_contiguous();

    /// <summary>Moves a parameter and its moments by one step; all four have the same shape and lie contiguous.</summary>
    public static void Step(Tensor parameter, Tensor gradient, Tensor first, Tensor second, AdamStep step)
    {
        var count = (int)((parameter.numel() + Chunk - 1) / Chunk);
        Action<int> part = i => Step(Part(parameter, i), Part(gradient, i), Part(first, i), Part(second, i), step);
        if (count == 1) part(0);
        else Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, part);
    }

    private static Span<Vector<float>> Vectors(Span<float> values) => MemoryMarshal.Cast<float, Vector<float>>(values);

    private static Span<float> Part(Tensor x, int index)
    {
        var values = MemoryMarshal.Cast<byte, float>(x.bytes);
        return values.Slice(index * Chunk, Math.Min(Chunk, values.Length - index * Chunk));
    }

    private static void Step(Span<float> parameter, Span<float> gradient, Span<float> first, Span<float> second, AdamStep step)
    {
        Span<Vector<float>> p = Vectors(parameter), g = Vectors(gradient), m = Vectors(first), v = Vectors(second);
        for (var i = 0; i < p.Length; i++) (p[i], m[i], v[i]) = Next(p[i], g[i], m[i], v[i], step);
        for (var i = p.Length * Vector<float>.Count; i < parameter.Length; i++)
        {
            var (last, lastFirst, lastSecond) = Next(new(parameter[i]), new(gradient[i]), new(first[i]), new(second[i]), step);
            (parameter[i], first[i], second[i]) = (last[0], lastFirst[0], lastSecond[0]);
        }
    }

    private static (Vector<float> P, Vector<float> First, Vector<float> Second) Next(
        Vector<float> p, Vector<float> g, Vector<float> first, Vector<float> second, in AdamStep step)
    {
        g *= (float)step.GradientFactor;
        first = first * (float)AdamMoments.FirstDecay + g * (float)(1 - AdamMoments.FirstDecay);
        second = second * (float)AdamMoments.SecondDecay + g * g * (float)(1 - AdamMoments.SecondDecay);
        var spread = Vector.SquareRoot(second) * (float)(1 / step.Spread) + new Vector<float>((float)AdamMoments.Epsilon);
        return (p * (float)step.Keep - first * (float)step.Rate / spread, first, second);
    }
}
