using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>A vocabulary as its own JSON; see eng/docs/vocabulary.md. <see cref="ConceptJsonReader"/> reads it.</summary>
internal static class VocabularyJson
{
    /// <summary>The newest format, which is written.</summary>
    public const int Format = 1;

    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // names of all languages as they are

    /// <summary>How combinations are written.</summary>
    public static IEnumerable<string> Combinations => Enum.GetValues<PhraseCombination>().Select(NameOf);

    /// <summary>The combination of a name; null when there is none of that name.</summary>
    public static PhraseCombination? CombinationOf(string name) => Enum.GetValues<PhraseCombination>().Select(c => (PhraseCombination?)c).FirstOrDefault(c => NameOf(c!.Value) == name);

    /// <summary>Writes a vocabulary; what a concept does not say is left out, and a name alone is a text.</summary>
    public static void Write(Stream stream, IReadOnlyList<Concept> concepts)
    {
        using var json = new Utf8JsonWriter(stream, Readable);
        json.WriteStartObject();
        json.WriteNumber("format", Format);
        json.WriteStartArray("concepts");
        foreach (var concept in concepts)
            if (concept == new Concept(concept.Name)) json.WriteStringValue(concept.Name);
            else Write(json, concept);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Concept concept)
    {
        json.WriteStartObject();
        json.WriteString("name", concept.Name);
        if (concept.Definition is { } definition) json.WriteString("definition", definition);
        Write(json, "synonyms", concept.Synonyms);
        if (concept.Combination != default) json.WriteString("combination", NameOf(concept.Combination));
        Write(json, "negatives", concept.Negatives);
        if (concept.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
        if (concept.Parent is { } parent) json.WriteString("parent", parent);
        if (concept.Group is { } group) json.WriteString("group", group);
        if (concept.Embedding is { } embedding) Write(json, embedding);
        if (concept.Aliases.Count > 0)
        {
            json.WriteStartObject("aliases");
            foreach (var (culture, words) in concept.Aliases) Write(json, culture, words);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ConceptEmbedding embedding)
    {
        json.WriteStartObject("embedding");
        json.WriteString("textEncoderHash", embedding.TextEncoderHash);
        json.WriteStartArray("values");
        foreach (var value in embedding.Values) json.WriteNumberValue(value);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return;
        json.WriteStartArray(name);
        foreach (var text in texts) json.WriteStringValue(text);
        json.WriteEndArray();
    }

    private static string NameOf(PhraseCombination combination) => JsonNamingPolicy.CamelCase.ConvertName(combination.ToString());
}
