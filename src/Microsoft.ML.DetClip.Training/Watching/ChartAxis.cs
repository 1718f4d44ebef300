using System.Globalization;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A range of numbers and round ones among them to mark.</summary>
/// <param name="Low">Where the axis begins.</param>
/// <param name="High">Where it ends; above <paramref name="Low"/>.</param>
/// <param name="Step">Distance of the marks: 1, 2 or 5 times a power of ten.</param>
internal sealed record ChartAxis(double Low, double High, double Step)
{
    private const double Few = 6;

    /// <summary>An axis from 0 over all values, ending at a mark. One in a hundred, such as a run's first losses, may lie above it.</summary>
    public static ChartAxis FromZero(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        var high = Math.Max(sorted[(int)Math.Ceiling(0.99 * (sorted.Length - 1))], 1e-12);
        var step = RoundStep(high);
        return new(0, step * Math.Ceiling(high / step - 1e-9), step);
    }

    /// <summary>An axis that ends where the values do.</summary>
    public static ChartAxis Within(double low, double high) => high > low ? new(low, high, RoundStep(high - low)) : new(low - 1, low + 1, 1);

    /// <summary>The marks.</summary>
    public IEnumerable<double> Marks()
    {
        for (var mark = Math.Ceiling(Low / Step - 1e-9); mark * Step <= High + 1e-9 * Step; mark++) yield return mark * Step;
    }

    /// <summary>Where a value is, 0 at the beginning to 1 at the end of the axis.</summary>
    public float Place(double value) => (float)((value - Low) / (High - Low));

    /// <summary>A mark as text, with the digits that it needs: "0.25", "20k", "2.5e-05".</summary>
    public string Text(double mark)
    {
        if (mark == 0) return "0";
        if (Step >= 1000) return (mark / 1000).ToString("0.###", CultureInfo.InvariantCulture) + "k";
        if (High < 0.001) return mark.ToString("0.##e-00", CultureInfo.InvariantCulture);
        return mark.ToString(Step < 1 ? $"F{-(int)Math.Floor(Math.Log10(Step) + 1e-9)}" : "F0", CultureInfo.InvariantCulture);
    }

    private static double RoundStep(double range)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(range / Few)));
        return power * ((range / Few / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 });
    }
}
