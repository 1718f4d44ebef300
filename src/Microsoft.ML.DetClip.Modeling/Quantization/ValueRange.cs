namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How the numbers of a value spread: a histogram around zero that widens as larger ones come.</summary>
internal sealed class ValueHistogram
{
    private const int Half = 2048;

    private readonly long[] _counts = new long[2 * Half];
    private float _limit = 1e-6f;
    private long _total;

    /// <summary>Counts numbers; every <paramref name="step"/>th, which is enough of a large map.</summary>
    public void Add(ReadOnlySpan<float> values, int step)
    {
        var largest = Math.Max(System.Numerics.Tensors.TensorPrimitives.Max(values), -System.Numerics.Tensors.TensorPrimitives.Min(values));
        while (_limit < largest) Widen();
        var scale = Half / _limit;
        for (var i = 0; i < values.Length; i += step) _counts[Math.Clamp((int)MathF.Floor(values[i] * scale) + Half, 0, 2 * Half - 1)]++;
        _total += (values.Length + step - 1) / step;
    }

    /// <summary>The least range around zero that leaves out no more than a share of the numbers at either end.</summary>
    /// <param name="share">Such as 1e-5.</param>
    public (float Low, float High) Range(double share)
    {
        var allowed = (long)(_total * share);
        var (low, high) = (0, _counts.Length - 1);
        for (var left = allowed; low < Half && (left -= _counts[low]) >= 0; low++) { }
        for (var left = allowed; high >= Half && (left -= _counts[high]) >= 0; high--) { }
        return ((low - Half) * _limit / Half, (high + 1 - Half) * _limit / Half);
    }

    // Pairs of bins become one, in the inner half.
    private void Widen()
    {
        var old = (long[])_counts.Clone();
        Array.Clear(_counts);
        for (var i = 0; i < old.Length; i++) _counts[Half / 2 + i / 2] += old[i];
        _limit *= 2;
    }
}
