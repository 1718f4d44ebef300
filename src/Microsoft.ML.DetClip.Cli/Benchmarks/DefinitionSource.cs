using System.Text.Json;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli.Benchmarks;

/// <summary>Where definitions come from: WordNet's folder, a file of names and definitions, or an annotation file whose categories have them, as LVIS's do.</summary>
internal static class DefinitionSource
{
    /// <summary>The dictionary at a path.</summary>
    /// <param name="path">A folder or file.</param>
    /// <param name="names">What must be defined.</param>
    /// <exception cref="FileNotFoundException">There is nothing.</exception>
    /// <exception cref="InvalidDataException">The file is of another layout.</exception>
    public static ConceptDictionary Load(string path, IReadOnlyList<string> names)
    {
        if (Directory.Exists(path)) return ConceptDictionary.LoadWordNet(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no '{path}'.", path);
        return HasCategories(path) ? CategoryVocabulary.Define([.. names.Select((name, i) => new DatasetCategory(i + 1, name))], CategoryVocabulary.Load(path)) : ConceptDictionary.Load(path);
    }

    // In a file of names and definitions every property is a text or null.
    private static bool HasCategories(string path)
    {
        if (!Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)) return false;
        var json = new JsonFileReader(path);
        try
        {
            return json.Read() && json.TokenType == JsonTokenType.StartObject && json.NextProperty() is not null && json.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
        }
        finally
        {
            json.Dispose();
        }
    }
}
