using System.Text.RegularExpressions;

namespace OpenWorldRuns;

/// <summary>Fills the page's tables from the results, and draws its plots.</summary>
internal static partial class Report
{
    private const string Page = "README.md";

    public static void Write(string folder)
    {
        var results = ResultRow.Load(Path.Combine(folder, "results.csv"));
        if (results.Count == 0) throw new InvalidDataException($"There are no results in '{folder}'.");
        var table = new ResultTable(results);
        var page = Path.Combine(folder, Page);
        var text = Mark().Replace(File.ReadAllText(page), match => Fill(folder, match.Groups["id"].Value, table));
        File.WriteAllText(page, text);
        Draw(folder, results, table);
    }

    private static string Fill(string folder, string id, ResultTable table)
    {
        var content = id switch
        {
            "counted" => CostTables.Counted(),
            "photographs" => Photographs(Path.Combine(folder, "photographs.csv")),
            "measured" => CostTables.Measured(table),
            "memory" => CostTables.Memory(table, Question.All.Where(q => !q.IsOnGpu).SelectMany(q => q.Rows).Select(r => r.Name).Distinct()),
            _ => table.Of(Question.All.FirstOrDefault(q => q.Id == id) ?? throw new InvalidDataException($"The page has a table '{id}', which is none of {string.Join(", ", Question.All.Select(q => q.Id))}.")),
        };
        return $"<!-- table {id} -->\n{content}<!-- end -->";
    }

    private static string Photographs(string path)
    {
        if (!File.Exists(path)) return "Not measured yet.\n";
        var rows = File.ReadLines(path).Skip(1).Select(line => line.Split(',')).GroupBy(cells => (Data: cells[0], Start: cells[1]));
        return "| photographs | begun with | AP | AP50 | seeds |\n|---|---|---|---|---|\n" + string.Concat(rows.Select(row =>
            $"| {row.Key.Data} | {row.Key.Start} | {Over(row, 3)} | {Over(row, 4)} | {row.Count()} |\n"));
    }

    private static Estimate Over(IEnumerable<string[]> rows, int column) =>
        Estimate.Of(rows.Select(cells => 100 * double.Parse(cells[column], System.Globalization.CultureInfo.InvariantCulture)));

    private static void Draw(string folder, IReadOnlyList<ResultRow> results, ResultTable table)
    {
        var rows = results.Select(r => r.Row).ToHashSet();
        var ladder = Question.All[0].Rows.Select(r => r.Name).Where(rows.Contains).ToArray();
        DotPlot.Save(Path.Combine(folder, "ladder.png"), "fixed AP, percent", ladder, [.. new[] { "APr", "APc", "APf", "AP composable" }
            .Select(name => (name, (IReadOnlyList<Estimate>)[.. ladder.Select(row => table.Estimate(row, name))]))]);
        var others = Question.All.Skip(1).Where(q => !q.IsOnGpu).SelectMany(q => q.Rows).Select(r => r.Name).Distinct().Where(rows.Contains).Order(StringComparer.Ordinal).ToArray();
        if (others.Length > 1)
            DotPlot.Save(Path.Combine(folder, "ablations.png"), "fixed AP, percent", others, [.. new[] { "AP", "APr" }
                .Select(name => (name, (IReadOnlyList<Estimate>)[.. others.Select(row => table.Estimate(row, name))]))]);
    }

    [GeneratedRegex("<!-- table (?<id>[a-z-]+) -->.*?<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Mark();
}
