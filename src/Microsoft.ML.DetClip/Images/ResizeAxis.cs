using System.Buffers;

namespace Microsoft.ML.DetClip;

/// <summary>One axis of an antialiased bilinear resize: which source positions each target position averages, and how much of each.</summary>
/// <remarks>
/// A triangle filter, as wide as one target pixel when shrinking and one source pixel when growing, with pixel centres at i + ½ and cut
/// off at the borders: what Pillow and torchvision (antialias = true) call bilinear.
/// </remarks>
internal readonly struct ResizeAxis : IDisposable
{
    private readonly int[] _first;
    private readonly float[] _weights;

    /// <param name="source">Source length, in pixels.</param>
    /// <param name="target">Target length, in pixels.</param>
    /// <param name="mirror">True when target position 0 is at the end of the source.</param>
    public ResizeAxis(int source, int target, bool mirror = false)
    {
        for (var i = 0; i < target; i++)
        {
            var (begin, end) = Window.At(i, source, target).Inside;
            Taps = Math.Max(Taps, end - begin);
        }
        _first = ArrayPool<int>.Shared.Rent(target);
        _weights = ArrayPool<float>.Shared.Rent(checked(target * Taps));
        for (var i = 0; i < target; i++) SetWeights(mirror ? target - 1 - i : i, Window.At(i, source, target));
    }

    /// <summary>The most source positions that any target position needs.</summary>
    public int Taps { get; }

    /// <summary>First source position that target position <paramref name="i"/> needs; all <see cref="Taps"/> from there are inside the source.</summary>
    public int First(int i) => _first[i];

    /// <summary>Shares of the source positions from <see cref="First"/> on, [Taps]; their sum is 1.</summary>
    public ReadOnlySpan<float> Weights(int i) => _weights.AsSpan(i * Taps, Taps);

    /// <summary>Gives the tables back to the pool.</summary>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_first);
        ArrayPool<float>.Shared.Return(_weights);
    }

    private void SetWeights(int i, Window window)
    {
        var (begin, end) = window.Inside;
        _first[i] = Math.Min(begin, window.Source - Taps); // near the end: earlier, with leading zeros
        var weights = _weights.AsSpan(i * Taps, Taps);
        weights.Clear();
        double sum = 0;
        for (var s = begin; s < end; s++) sum += window.Height(s);
        for (var s = begin; s < end; s++) weights[s - _first[i]] = (float)(window.Height(s) / sum);
    }

    /// <summary>The triangle over one target position.</summary>
    private readonly record struct Window(double Centre, double Radius, int Source)
    {
        public static Window At(int i, int source, int target)
        {
            var scale = (double)source / target;
            return new((i + 0.5) * scale, Math.Max(scale, 1), source);
        }

        /// <summary>The source positions that are in the source and where the triangle is above 0.</summary>
        public (int Begin, int End) Inside =>
            (Math.Max(0, (int)Math.Floor(Centre - Radius - 0.5) + 1), Math.Min(Source, (int)Math.Ceiling(Centre + Radius - 0.5)));

        public double Height(int s) => Math.Max(0, 1 - Math.Abs(s + 0.5 - Centre) / Radius);
    }
}
