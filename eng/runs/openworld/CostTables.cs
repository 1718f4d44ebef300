using System.Globalization;
using System.Text;
using Microsoft.ML.DetClip.Modeling;

namespace OpenWorldRuns;

/// <summary>What things cost: counted on the network, and measured over the rows.</summary>
internal static class CostTables
{
    /// <summary>One image of each kind, and the head's choices, as multiply-adds and elements of results.</summary>
    public static string Counted()
    {
        var text = new StringBuilder("| network | image | multiply-adds | elements of results | of the first |\n|---|---|---|---|---|\n");
        AddGroup(text, (DetClipVariants.SwinTiny, "swin-t, detection", 800, 1333), (DetClipVariants.SwinTiny, "swin-t, pair", 320, 320));
        AddGroup(text, (DetClipVariants.Nano, "nano, detection", 128, 128), (DetClipVariants.Nano, "nano, pair", 96, 96));
        var (plain, deeper) = (DetClipVariants.SwinTiny.Head with { Deformable = false }, DetClipVariants.SwinTiny.Head with { Deformable = false, TowerDepth = 8 });
        AddGroup(text, (DetClipVariants.SwinTiny with { Head = plain }, "swin-t without deformable entry", 800, 1333), (DetClipVariants.SwinTiny, "swin-t with it", 800, 1333),
            (DetClipVariants.SwinTiny with { Head = deeper }, "swin-t with four more convolutions in each tower instead", 800, 1333));
        return text.ToString();
    }

    /// <summary>Processor seconds of an image of each kind in training: differences of rows that differ in one kind, over its images.</summary>
    public static string Measured(ResultTable table)
    {
        var text = new StringBuilder("| image | rows | CPU milliseconds | images in a CPU second | of detection's cost |\n|---|---|---|---|---|\n");
        var detection = Add(text, "detection", "detection", table.Per("cpu seconds", "detection images", "detection", null), double.NaN);
        Add(text, "pair", "pairs − detection", table.Per("cpu seconds", "pair images", "pairs", "detection"), detection);
        Add(text, "grounding", "grounding − pairs", table.Per("cpu seconds", "grounding images", "grounding", "pairs"), detection);
        return text.ToString();
    }

    /// <summary>The most memory that a training run held at once, where it was measured.</summary>
    public static string Memory(ResultTable table, IEnumerable<string> rows)
    {
        var known = rows.Select(row => (Row: row, Peak: table.Estimate(row, "peak MiB"))).Where(line => line.Peak.Count > 0).ToArray();
        return known.Length == 0 ? "Not measured yet.\n"
            : "| row | peak MiB | seeds |\n|---|---|---|\n" + string.Concat(known.Select(line => $"| {line.Row} | {line.Peak} | {line.Peak.Count} |\n"));
    }

    private static double Add(StringBuilder text, string kind, string rows, Estimate seconds, double detection)
    {
        if (seconds.Count == 0) return double.NaN;
        var ratio = double.IsNaN(detection) ? "" : (seconds.Mean / detection).ToString("F2", CultureInfo.InvariantCulture);
        text.AppendLine(CultureInfo.InvariantCulture, $"| {kind} | {rows} | {seconds.Times(1000)} | {1 / seconds.Mean:F0} | {ratio} |");
        return seconds.Mean;
    }

    private static void AddGroup(StringBuilder text, params (DetClipConfig Network, string Name, int Height, int Width)[] lines)
    {
        double? first = null;
        foreach (var (network, name, height, width) in lines)
        {
            var cost = NetworkCost.Of(network, height, width, concepts: 100).Find("detector")!;
            first ??= cost.MultiplyAdds;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {height}×{width} | {cost.MultiplyAdds / 1e9:F2} G | {cost.Activations / 1e6:F1} M | {cost.MultiplyAdds / first:F3} |");
        }
    }
}
