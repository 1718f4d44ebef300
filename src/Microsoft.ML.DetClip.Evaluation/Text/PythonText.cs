using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Numbers as Python prints them, so that tables equal the official ones letter by letter.</summary>
internal static class PythonText
{
    /// <summary>As "{:0.3f}": half to even, and half means exactly so, which at three decimals only odd sixteenths are.</summary>
    public static string ThreeDecimals(double value) =>
        (double.IsInteger(16 * value) ? Math.Round(value, 3, MidpointRounding.ToEven) : value).ToString("F3", CultureInfo.InvariantCulture);

    /// <summary>As repr of a float of 0 to 1: the fewest digits that mean this double; below 1e-4 with an exponent of two digits.</summary>
    public static string Repr(double value)
    {
        if (double.IsInteger(value)) return value.ToString("F1", CultureInfo.InvariantCulture);
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.Replace('E', 'e');
    }

    /// <summary>As the package prettytable: every cell centred between bars, the first row a head.</summary>
    public static string Table(IReadOnlyList<string[]> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        var rule = "+" + string.Concat(widths.Select(width => new string('-', width + 2) + "+"));
        var lines = rows.Select(row => "|" + string.Concat(row.Select((cell, column) => $" {Centre(cell, widths[column])} |"))).ToList();
        return string.Join('\n', [rule, lines[0], rule, .. lines.Skip(1), rule]);
    }

    // An odd space goes right of texts of odd length and left of others, as in Python's str.center.
    private static string Centre(string text, int width)
    {
        var left = (width - text.Length + (text.Length % 2 == 0 ? 1 : 0)) / 2;
        return text.PadLeft(text.Length + left).PadRight(width);
    }
}
