using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>Concepts in JSON: names with definitions, a list of names or concepts, a vocabulary's own file, or categories as COCO and LVIS have them.</summary>
/// <remarks>Read through a small buffer, so a large annotation file with categories in it is no matter.</remarks>
internal static class ConceptJsonReader
{
    private const string Concepts = "concepts", Categories = "categories", Format = "format";

    // Such files are written by hand too.
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The concepts of a file, in its order, each name once.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Says in which line what is wrong.</exception>
    public static IReadOnlyList<Concept> Read(string path)
    {
        var json = new JsonFileReader(path, Lenient);
        try
        {
            json.Read();
            var concepts = new ConceptCollection();
            if (json.TokenType == JsonTokenType.StartObject) ReadObject(ref json, concepts);
            else if (json.TokenType == JsonTokenType.StartArray) ReadList(ref json, concepts, isOwn: false);
            else throw Bad(ref json, json.Offset, "it must be an object or an array");
            json.Read(); // anything more is not JSON
            return concepts.Concepts;
        }
        finally
        {
            json.Dispose();
        }
    }

    // Either definitions by name, or a list in a property, and then whatever else is there says nothing of concepts.
    private static void ReadObject(ref JsonFileReader json, ConceptCollection concepts)
    {
        var definitions = new ConceptCollection();
        InvalidDataException? problem = null;
        var isList = false;
        while (json.NextProperty() is { } name)
        {
            var offset = json.Offset;
            if (name is Concepts or Categories && json.TokenType == JsonTokenType.StartArray)
            {
                isList = true;
                ReadList(ref json, concepts, isOwn: name == Concepts);
            }
            else if (name == Format && json.TokenType == JsonTokenType.Number) CheckFormat(ref json);
            else if (json.TokenType is JsonTokenType.String or JsonTokenType.Null) problem ??= definitions.Add(new(name, json.Text()), Place(ref json, offset)) is { } fault ? Bad(ref json, offset, fault) : null;
            else
            {
                problem ??= Bad(ref json, offset, "names and definitions must be texts");
                json.Skip();
            }
        }
        if (isList) return;
        if (problem is not null) throw problem;
        foreach (var concept in definitions.Concepts) concepts.Add(concept, "");
    }

    private static void CheckFormat(ref JsonFileReader json)
    {
        var (offset, format) = (json.Offset, json.Number());
        if (format > VocabularyJson.Format)
            throw Bad(ref json, offset, $"the vocabulary has format {format}; this version of Microsoft.ML.DetClip reads formats up to {VocabularyJson.Format}. Update the package");
    }

    private static void ReadList(ref JsonFileReader json, ConceptCollection concepts, bool isOwn)
    {
        while (json.NextElement())
        {
            var offset = json.Offset;
            var concept = json.TokenType == JsonTokenType.StartObject ? ReadConcept(ref json, isOwn) : new(Text(ref json)!);
            if (concepts.Add(concept, Place(ref json, offset)) is { } problem) throw Bad(ref json, offset, problem);
        }
    }

    private static Concept ReadConcept(ref JsonFileReader json, bool isOwn)
    {
        var (concept, isCategory) = (new Concept(""), false);
        while (json.NextProperty() is { } property)
        {
            isCategory |= property == "id" && json.TokenType == JsonTokenType.Number;
            concept = property switch
            {
                "name" => concept with { Name = Text(ref json) ?? "" },
                "definition" or "def" => concept with { Definition = Text(ref json) },
                "synonyms" => concept with { Synonyms = Texts(ref json) },
                "combination" => concept with { Combination = ReadCombination(ref json) },
                "negatives" => concept with { Negatives = Texts(ref json) },
                "threshold" => concept with { Threshold = ReadThreshold(ref json) },
                "parent" => concept with { Parent = Text(ref json) },
                "group" => concept with { Group = Text(ref json) },
                "embedding" => concept with { Embedding = ReadEmbedding(ref json) },
                "aliases" => concept with { Aliases = ReadAliases(ref json) },
                _ => Ignore(ref json, property, isOwn, concept),
            };
        }
        return isCategory ? AsWords(concept) : concept;
    }

    // LVIS writes "alarm_clock", and lists the name among the synonyms.
    private static Concept AsWords(Concept category)
    {
        var name = Words(category.Name);
        return category with { Name = name, Synonyms = [.. category.Synonyms.Select(Words).Where(s => WordForms.Fold(s) != WordForms.Fold(name)).Distinct()] };
    }

    private static string Words(string name) => name.Replace('_', ' ').Trim();

    // A slip of the pen in a vocabulary's own file must not go unseen; categories have much that says nothing of concepts.
    private static Concept Ignore(ref JsonFileReader json, string property, bool isOwn, Concept concept)
    {
        if (isOwn)
            throw Bad(ref json, json.Offset, $"'{property}' is unknown; a concept has name, definition, synonyms, combination, negatives, threshold, parent, group, embedding and aliases");
        json.Skip();
        return concept;
    }

    private static PhraseCombination ReadCombination(ref JsonFileReader json)
    {
        var offset = json.Offset;
        return Text(ref json) is { } text && VocabularyJson.CombinationOf(text) is { } combination
            ? combination : throw Bad(ref json, offset, $"combination must be one of {string.Join(", ", VocabularyJson.Combinations)}");
    }

    private static float? ReadThreshold(ref JsonFileReader json)
    {
        if (json.TokenType == JsonTokenType.Null) return null;
        var offset = json.Offset;
        return (float?)json.Number() ?? throw Bad(ref json, offset, "threshold must be a number");
    }

    private static ConceptEmbedding ReadEmbedding(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Bad(ref json, json.Offset, "embedding must be an object: textEncoderHash and values");
        var (hash, values) = ("", new List<float>());
        while (json.NextProperty() is { } property)
            if (property == "textEncoderHash") hash = Text(ref json) ?? "";
            else if (property == "values" && json.TokenType == JsonTokenType.StartArray)
                while (json.NextElement()) values.Add((float?)json.Number() ?? throw Bad(ref json, json.Offset, "values must be numbers"));
            else throw Bad(ref json, json.Offset, "an embedding has textEncoderHash and values");
        return new(hash, values);
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadAliases(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject) throw Bad(ref json, json.Offset, "aliases must be an object: words by culture");
        var aliases = new Dictionary<string, IReadOnlyList<string>>();
        while (json.NextProperty() is { } culture) aliases[culture] = Texts(ref json);
        return aliases;
    }

    private static List<string> Texts(ref JsonFileReader json)
    {
        if (json.TokenType != JsonTokenType.StartArray) throw Bad(ref json, json.Offset, "it must be a list of texts");
        var texts = new List<string>();
        while (json.NextElement()) texts.Add(Text(ref json) ?? "");
        return texts;
    }

    private static string? Text(ref JsonFileReader json)
    {
        if (json.TokenType is JsonTokenType.String or JsonTokenType.Null) return json.Text();
        throw Bad(ref json, json.Offset, "names and definitions must be texts");
    }

    private static string Place(ref JsonFileReader json, long offset) => TextPosition.Describe(json.Path, offset);

    private static InvalidDataException Bad(ref JsonFileReader json, long offset, string problem) => new($"'{json.Path}' {Place(ref json, offset)}: {problem}.");
}
