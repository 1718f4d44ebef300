using System.Globalization;
using Microsoft.ML.DetClip.Modeling;
using Spectre.Console;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>A network's cost as a table: a line for each part, indented below what it is part of.</summary>
internal static class CostTable
{
    private const int Width = 100;

    /// <summary>Writes the table.</summary>
    /// <param name="cost">The tree.</param>
    /// <param name="depth">Levels below the root that get lines.</param>
    /// <param name="output">Where to.</param>
    public static void Write(NetworkCost cost, int depth, TextWriter output)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("part");
        foreach (var title in new[] { "parameters", "multiply-adds", "activations" }) table.AddColumn(new TableColumn(title).RightAligned());
        AddRows(table, cost, indent: 0, depth);
        PlainConsole.Create(output, Width).Write(table);
    }

    private static void AddRows(Table table, NetworkCost cost, int indent, int depth)
    {
        table.AddRow(
            new Text(new string(' ', 2 * indent) + cost.Part), new Text(cost.Parameters.ToString("N0", CultureInfo.InvariantCulture)),
            new Text(Short(cost.MultiplyAdds)), new Text(Short(cost.Activations)));
        if (indent == depth) return;
        foreach (var part in cost.Parts) AddRows(table, part, indent + 1, depth);
    }

    /// <summary>Three significant digits and a letter: 4.50 G.</summary>
    private static string Short(long value) => value switch
    {
        0 => "0",
        < 1_000_000 => Digits(value / 1e3) + " k",
        < 1_000_000_000 => Digits(value / 1e6) + " M",
        _ => Digits(value / 1e9) + " G",
    };

    private static string Digits(double value) =>
        value.ToString(value switch { < 10 => "F2", < 100 => "F1", _ => "N0" }, CultureInfo.InvariantCulture);
}
