using System.Globalization;

namespace OpenWorldRuns;

/// <summary>A number over seeds.</summary>
/// <param name="Mean">In percent for AP.</param>
/// <param name="Deviation">Of the seeds, by n − 1; 0 for one.</param>
/// <param name="Count">Seeds.</param>
internal readonly record struct Estimate(double Mean, double Deviation, int Count)
{
    public static Estimate Of(IEnumerable<double> values)
    {
        var known = values.Where(double.IsFinite).ToArray();
        if (known.Length == 0) return new(double.NaN, 0, 0);
        var mean = known.Average();
        return new(mean, known.Length < 2 ? 0 : Math.Sqrt(known.Sum(x => (x - mean) * (x - mean)) / (known.Length - 1)), known.Length);
    }

    /// <summary>The number in another unit.</summary>
    public Estimate Times(double factor) => new(Mean * factor, Deviation * factor, Count);

    /// <summary>Standard error of the mean; NaN where one value is all there is.</summary>
    public double Error => Count < 2 ? double.NaN : Deviation / Math.Sqrt(Count);

    public override string ToString() => Count == 0 ? "–"
        : Count == 1 ? Mean.ToString("F1", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:F1} ± {Deviation:F1}");
}
