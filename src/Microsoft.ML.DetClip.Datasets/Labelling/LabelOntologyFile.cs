using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A file of phrases and labels; see <see cref="LabelOntology.Load"/>.</summary>
internal static class LabelOntologyFile
{
    private const string Arrow = "=>";
    private const int MaxBytes = 16 << 20;
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The entries, in the order of the file.</summary>
    /// <exception cref="InvalidDataException">Says what is wrong, in text files in which line.</exception>
    public static IReadOnlyList<KeyValuePair<Concept, string>> Read(string path) =>
        [.. Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(path) : ReadLines(path)];

    private static IEnumerable<KeyValuePair<Concept, string>> ReadLines(string path)
    {
        foreach (var (text, line) in TextLines.Read(path, MaxBytes))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            var sides = text.Split(Arrow);
            if (sides.Length > 2) throw Bad(path, line, $"there is more than one '{Arrow}'; a line is a phrase, or a phrase, '{Arrow}' and a label");
            var parts = sides[0].Split('\t', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (parts.Length is 0 or > 2) throw Bad(path, line, "before the label there must be a phrase, or a phrase, a tab and a definition");
            if (sides.Length == 2 && string.IsNullOrWhiteSpace(sides[1])) throw Bad(path, line, $"there is no label after '{Arrow}'");
            yield return Entry(parts[0], parts.ElementAtOrDefault(1), sides.ElementAtOrDefault(1));
        }
    }

    private static IEnumerable<KeyValuePair<Concept, string>> ReadJson(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no '{path}'.", path);
        using var json = Parse(path);
        return [.. json.RootElement.ValueKind switch
        {
            JsonValueKind.Object => json.RootElement.EnumerateObject().Select(p => Entry(p.Name, p.Value.Text(), null)),
            JsonValueKind.Array => json.RootElement.EnumerateArray().Select((item, i) => EntryOf(item)
                ?? throw new InvalidDataException($"'{path}': entry {i} has no name; it must be a text, or an object with a \"name\".")),
            _ => throw new InvalidDataException($"'{path}' must hold an array or an object."),
        }];
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), Lenient);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' line {e.LineNumber + 1}: not JSON, or cut off: {e.Message}", e);
        }
    }

    private static KeyValuePair<Concept, string>? EntryOf(JsonElement item) =>
        (item.ValueKind == JsonValueKind.Object ? item.Text("name") : item.Text()) is not { } name || string.IsNullOrWhiteSpace(name) ? null
        : item.ValueKind == JsonValueKind.Object ? Entry(name, item.Text("definition") ?? item.Text("def"), item.Text("label"))
        : Entry(name, null, null);

    private static KeyValuePair<Concept, string> Entry(string phrase, string? definition, string? label) =>
        KeyValuePair.Create(new Concept(phrase.Trim(), string.IsNullOrWhiteSpace(definition) ? null : definition.Trim()), (label ?? phrase).Trim());

    private static InvalidDataException Bad(string path, int line, string problem) => new($"'{path}' line {line}: {problem}.");
}
