using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The category names of a YOLO data set.</summary>
internal static class YoloNames
{
    private static readonly string[] Files = ["data.yaml", "dataset.yaml", "data.yml", "classes.txt", "obj.names", "labels/classes.txt"];

    /// <summary>The file of names in the folder; null where there is none.</summary>
    public static string? FileIn(string folder) => Files.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Reads "names" of a YAML file, as a list or by numbers, or a text file with a name in each line.</summary>
    /// <exception cref="InvalidDataException">There are no names, or a number is there twice.</exception>
    public static SortedDictionary<int, string> Read(string path, int maxBytes)
    {
        var lines = TextLines.Read(path, maxBytes).Select(line => line.Text).ToArray();
        var names = Path.GetExtension(path) is ".yaml" or ".yml" ? Yaml(path, lines) : Numbered(lines.Select(line => line.Trim()).Where(line => line.Length > 0));
        if (names.Count == 0) throw new InvalidDataException($"'{path}' holds no names of categories.");
        return names.FirstOrDefault(n => string.IsNullOrWhiteSpace(n.Value)) is { Value: not null } empty ? throw new InvalidDataException($"'{path}': category {empty.Key} has an empty name.") : names;
    }

    private static SortedDictionary<int, string> Yaml(string path, string[] lines)
    {
        var start = Array.FindIndex(lines, line => line.StartsWith("names:", StringComparison.Ordinal));
        if (start < 0) return [];
        var inline = lines[start]["names:".Length..].Trim();
        if (inline.StartsWith('[')) return Numbered(Split(string.Concat(lines[start..])["names:".Length..]));
        var names = new SortedDictionary<int, string>();
        foreach (var line in lines.Skip(start + 1).TakeWhile(IsEntry))
        {
            var entry = line.Trim();
            if (entry.Length == 0 || entry[0] == '#') continue;
            var (number, name) = entry[0] == '-' ? (names.Count, entry[1..]) : entry.Split(':', 2) is [var before, var after]
                && int.TryParse(before, NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? (given, after) : (-1, "");
            if (number < 0 || !names.TryAdd(number, Unquote(name))) throw new InvalidDataException($"'{path}': '{entry}' is not understood; names are \"- name\" or \"0: name\".");
        }
        return names;
    }

    private static bool IsEntry(string line) => line.Length == 0 || char.IsWhiteSpace(line[0]) || line[0] is '-' or '#';

    private static IEnumerable<string> Split(string list)
    {
        var (start, quote) = (list.IndexOf('[') + 1, '\0');
        for (var i = start; i < list.Length; i++)
        {
            if (quote != 0) quote = list[i] == quote ? '\0' : quote;
            else if (list[i] is '"' or '\'' && list[start..i].Trim().Length == 0) quote = list[i];
            else if (list[i] is ',' or ']')
            {
                if (Unquote(list[start..i]) is { Length: > 0 } name) yield return name;
                if (list[i] == ']') yield break;
                start = i + 1;
            }
        }
    }

    private static string Unquote(string text)
    {
        var name = text.Trim();
        if (name.Length >= 2 && name[0] == '\'' && name[^1] == '\'') return name[1..^1].Replace("''", "'");
        return name.Length >= 2 && name[0] == '"' && name[^1] == '"' ? name[1..^1].Replace("\\\"", "\"").Replace("\\\\", "\\") : name;
    }

    private static SortedDictionary<int, string> Numbered(IEnumerable<string> names) => new(names.Index().ToDictionary(n => n.Index, n => n.Item));
}
