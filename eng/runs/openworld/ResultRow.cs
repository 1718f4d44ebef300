using System.Globalization;

namespace OpenWorldRuns;

/// <summary>A line of results.csv.</summary>
/// <param name="Row">What was trained.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Values">By the names of <see cref="Names"/>; AP is 0 to 1.</param>
internal sealed record ResultRow(string Row, int Seed, IReadOnlyDictionary<string, double> Values)
{
    public static readonly string[] Names =
    [
        "AP", "APr", "APc", "APf", "AP composable", "AP50", "AR", "APr invented", "APr composed", "AP composable invented", "AP composable composed",
        "detection images", "grounding images", "pair images", "cpu seconds", "wall seconds", "peak MiB",
    ];

    private static string Header => $"row,seed,{string.Join(',', Names)}";

    public static IReadOnlyList<ResultRow> Load(string path)
    {
        if (!File.Exists(path)) return [];
        var lines = File.ReadAllLines(path);
        if (!$"{Header},".StartsWith($"{lines[0]},", StringComparison.Ordinal)) throw new InvalidDataException($"'{path}' has other columns than these, of which the last may be missing: {Header}.");
        return [.. lines.Skip(1).Select(line => line.Split(',')).Select(cells => new ResultRow(cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture),
            Names.Zip(cells.Skip(2)).Where(cell => cell.Second.Length > 0).ToDictionary(cell => cell.First, cell => double.Parse(cell.Second, CultureInfo.InvariantCulture))))];
    }

    /// <summary>Adds a line; another of the same row and seed is replaced.</summary>
    public static void Append(string path, ResultRow row)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var rows = Load(path).Where(other => (other.Row, other.Seed) != (row.Row, row.Seed)).Append(row);
        File.WriteAllText(path + ".partial", $"{Header}\n{string.Concat(rows.Select(one => $"{one}\n"))}");
        File.Move(path + ".partial", path, overwrite: true);
    }

    public override string ToString() => $"{Row},{Seed},{string.Join(',', Names.Select(name => Text(Values.GetValueOrDefault(name, double.NaN), name)))}";

    private static string Text(double value, string name) => double.IsFinite(value) ? value.ToString(name.StartsWith('A') ? "F4" : "F0", CultureInfo.InvariantCulture) : "";
}
