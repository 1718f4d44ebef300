using System.Globalization;
using Microsoft.ML.DetClip.Modeling;
using Spectre.Console;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Where the time of a graph goes, as two tables: kinds of operators, and the slowest nodes.</summary>
internal static class ProfileTable
{
    private const int Width = 120;

    /// <summary>Writes both tables, and below them what the whole graph reaches.</summary>
    /// <param name="profile">What was measured.</param>
    /// <param name="slowest">Nodes that get a line of their own.</param>
    /// <param name="output">Where to.</param>
    public static void Write(GraphProfile profile, int slowest, TextWriter output)
    {
        var console = PlainConsole.Create(output, Width);
        var between = profile.Milliseconds - profile.Nodes.Sum(n => n.Milliseconds);
        var kinds = profile.Kinds.Select(kind => ($"{kind.Total.Kind} × {kind.Count}", kind.Total));
        console.Write(Table("operators", [.. kinds, ("(between nodes)", new("", "", between, 0))], profile.Milliseconds));
        console.Write(Table("slowest nodes", profile.Slowest(slowest).Select(node => ($"{node.Kind} {node.Name}", node)), profile.Milliseconds));
        foreach (var line in Summary(profile)) output.WriteLine(line);
    }

    private static Table Table(string title, IEnumerable<(string Label, NodeTime Time)> rows, double total)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(title);
        foreach (var column in new[] { "ms", "share", "GFLOP", "GFLOP/s" }) table.AddColumn(new TableColumn(column).RightAligned());
        foreach (var (label, time) in rows)
            table.AddRow(new Text(label), Number(time.Milliseconds, "F2"), Number(100 * time.Milliseconds / total, "F1", " %"), Work(time.Operations / 1e9, "F2"), Work(time.Rate, "F1"));
        return table;
    }

    private static IEnumerable<string> Summary(GraphProfile p) =>
    [
        Format($"{p.Batch} × {p.Height}x{p.Width}, {p.Concepts} names, {(p.Threads == 0 ? "a thread for each core" : $"{p.Threads} threads")}, faster half of {p.Runs} runs"),
        Format($"graph: {p.Milliseconds:F1} ms, {p.Operations / 1e9:F1} GFLOP, {p.Rate:F1} GFLOP/s"),
        Format($"machine, between the runs: {p.Machine.Product:F1} GFLOP/s in a product of 1024^3, {p.Machine.Convolution:F1} in a convolution of 3x3x256"),
        Format($"the graph reaches {p.ShareOfProduct:F2} of the product's rate, {p.ShareOfConvolution:F2} of the convolution's"),
    ];

    private static string Format(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static Text Number(double value, string format, string unit = "") => new(value.ToString(format, CultureInfo.InvariantCulture) + unit);

    private static Text Work(double value, string format) => value == 0 ? new("") : Number(value, format);
}
