namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The mean as numpy computes it, sum by sum: only so are metrics equal to the official ones to the last bit, and their tables letter by letter where a
/// number lies half way between two of three decimals.</summary>
internal static class PairwiseMean
{
    private const int Lanes = 8, Block = 128, Buffer = 8192;

    /// <summary>The mean of at least one number.</summary>
    public static double Of(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        for (var i = 0; i < values.Length; i += Buffer) sum += Sum(values[i..Math.Min(i + Buffer, values.Length)]);
        return sum / values.Length;
    }

    private static double Sum(ReadOnlySpan<double> values)
    {
        if (values.Length > Block)
        {
            var half = values.Length / 2;
            half -= half % Lanes;
            return Sum(values[..half]) + Sum(values[half..]);
        }
        var whole = values.Length - values.Length % Lanes;
        var sum = whole == 0 ? 0 : SumLanes(values[..whole]);
        foreach (var value in values[whole..]) sum += value;
        return sum;
    }

    private static double SumLanes(ReadOnlySpan<double> values)
    {
        Span<double> lanes = stackalloc double[Lanes];
        values[..Lanes].CopyTo(lanes);
        for (var i = Lanes; i < values.Length; i += Lanes)
            for (var lane = 0; lane < Lanes; lane++) lanes[lane] += values[i + lane];
        return lanes[0] + lanes[1] + (lanes[2] + lanes[3]) + (lanes[4] + lanes[5] + (lanes[6] + lanes[7]));
    }
}
