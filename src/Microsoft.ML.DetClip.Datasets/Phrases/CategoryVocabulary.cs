using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Vocabularies of LVIS and Objects365, with what their names mean.</summary>
public static class CategoryVocabulary
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads the categories of a data set.</summary>
    /// <param name="path">JSON: a list of LVIS's categories, an annotation file of COCO's layout with such a list, or a list of names, numbered from 1; or lines "id,name,…", as corrections of Objects365's names are published.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is of another layout; says where and how.</exception>
    public static IReadOnlyList<DatasetCategory> Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var categories = Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase) ? ReadJson(path).ToArray() : [.. ReadLines(path)];
        return categories.Length > 0 ? categories : throw new InvalidDataException($"'{path}' holds no categories.");
    }

    /// <summary>What the names of a vocabulary mean: their own definitions, then those of their synsets in WordNet, then those of a data set that shares the name or a synonym, then WordNet's most frequent sense.</summary>
    /// <param name="vocabulary">Names, with or without definitions.</param>
    /// <param name="hints">Another vocabulary that has definitions, such as LVIS's for the names of Objects365; null for none.</param>
    /// <param name="wordNet">WordNet's folder; null does without.</param>
    /// <exception cref="FileNotFoundException">WordNet's files are missing.</exception>
    public static ConceptDictionary Define(IReadOnlyList<DatasetCategory> vocabulary, IReadOnlyList<DatasetCategory>? hints = null, string? wordNet = null)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        var senses = wordNet is null ? null : new WordNetSenses(wordNet);
        var own = Named(vocabulary, senses);
        var known = new ConceptDictionary(own.Concat(hints is null ? [] : Named(hints, senses)));
        var general = senses is null ? ConceptDictionary.Empty : ConceptDictionary.LoadWordNet(wordNet!);
        return new(own.Select(concept => new Concept(concept.Name, MeaningOf(concept.Name, known) ?? MeaningOf(concept.Name, general))));
    }

    // "Handbag/Satchel" is either; "bow_(weapon)" is a bow.
    private static string? MeaningOf(string name, ConceptDictionary dictionary) =>
        new[] { name }.Concat(name.Split('/')).Append(name.Split('(')[0].TrimEnd('_', ' ')).Select(part => part.Trim()).Where(part => part.Length > 0)
            .Select(dictionary.DefinitionOf).FirstOrDefault(definition => definition is not null);

    private static IReadOnlyList<Concept> Named(IReadOnlyList<DatasetCategory> categories, WordNetSenses? senses) =>
    [
        .. categories.SelectMany(category => category.Synonyms.Prepend(category.Name).Select(name =>
            new Concept(name, category.Definition ?? (category.Synset is { } synset ? senses?.DefinitionOf(synset) : null)))),
    ];

    private static IEnumerable<DatasetCategory> ReadJson(string path)
    {
        var (items, number) = (IsList(path) ? JsonPieces.OfList(path, MaxBytes) : JsonPieces.OfSections(path, ["categories"], MaxBytes), 0);
        foreach (var item in items)
            using (item.Value)
            {
                number++;
                var value = item.Value.RootElement;
                var name = (value.Text() ?? value.Text("name"))?.Trim();
                if (string.IsNullOrEmpty(name)) throw new InvalidDataException($"'{path}' {TextPosition.Describe(path, item.Offset)}: category {number} has no name.");
                yield return new((int)Math.Clamp(value.Integer("id") ?? number, 0, int.MaxValue), name)
                {
                    Definition = value.Text("def") ?? value.Text("definition"), Synset = value.Text("synset"), Frequency = value.Text("frequency"),
                    Synonyms = [.. value.Items("synonyms").Select(synonym => synonym.Text()).OfType<string>()],
                };
            }
    }

    private static bool IsList(string path)
    {
        var json = new JsonFileReader(path);
        try
        {
            return json.Read() && json.TokenType == JsonTokenType.StartArray;
        }
        finally
        {
            json.Dispose();
        }
    }

    private static IEnumerable<DatasetCategory> ReadLines(string path)
    {
        foreach (var (text, line) in TextLines.Read(path, MaxBytes))
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            if (text.Split(',') is [var id, var name, ..] && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && name.Trim().Length > 0)
                yield return new(number, name.Trim());
            else throw new InvalidDataException($"'{path}' line {line}: it is not a number, a comma and a name.");
        }
    }
}
