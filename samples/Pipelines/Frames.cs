using System.Globalization;
using Microsoft.Data.Analysis;

namespace Pipelines;

/// <summary>Data frames as text.</summary>
internal static class Frames
{
    /// <summary>Prints the first rows; columns under the names given for them, all under their own when none are named.</summary>
    public static void Print(DataFrame frame, int rows, params IReadOnlyList<(string Column, string Title)> columns)
    {
        if (columns.Count == 0) columns = [.. frame.Columns.Select(c => (c.Name, c.Name))];
        Print(columns.Select(c => c.Title));
        foreach (var row in frame.Rows.Take(rows)) Print(columns.Select(c => Text(row[c.Column])));
        Console.WriteLine();
    }

    private static string? Text(object? cell) => cell is float or double ? string.Create(CultureInfo.InvariantCulture, $"{cell:0.###}") : Convert.ToString(cell, CultureInfo.InvariantCulture);

    private static void Print(IEnumerable<string?> cells) => Console.WriteLine($"   {string.Join("  ", cells.Select(cell => $"{cell,-12}"))}".TrimEnd());
}
