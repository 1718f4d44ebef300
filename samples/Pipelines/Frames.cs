using System.Globalization;
using Microsoft.Data.Analysis;

namespace Pipelines;

/// <summary>Data frames as text.</summary>
internal static class Frames
{
    /// <summary>Prints columns under the names given for them; all under their own when none are named.</summary>
    public static void Print(DataFrame frame, params IReadOnlyList<(string Column, string Title)> columns)
    {
        if (columns.Count == 0) columns = [.. frame.Columns.Select(c => (c.Name, c.Name))];
        Print(columns.Select(c => c.Title));
        foreach (var row in frame.Rows) Print(columns.Select(c => Convert.ToString(row[c.Column] is float score ? Math.Round(score, 3) : row[c.Column], CultureInfo.InvariantCulture)));
        Console.WriteLine();
    }

    private static void Print(IEnumerable<string?> cells) => Console.WriteLine($"   {string.Join("  ", cells.Select(cell => $"{cell,-12}"))}".TrimEnd());
}
