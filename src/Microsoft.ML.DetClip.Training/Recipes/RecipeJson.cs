using System.Text.Json;
using System.Text.Json.Nodes;

namespace Microsoft.ML.DetClip.Training;

/// <summary>The text of a recipe as a tree of names and values.</summary>
internal static class RecipeJson
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no JSON object; says where.</exception>
    public static JsonObject Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonNode.Parse(stream, documentOptions: Lenient) as JsonObject ?? throw new InvalidDataException($"The recipe '{path}' is no JSON object, {{ … }}.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"The recipe '{path}' is not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {e.Message}", e);
        }
    }

    /// <summary>Gives a setting another value.</summary>
    /// <param name="json">Changed.</param>
    /// <param name="change">"name=value", the name with dots between its parts; a value that is not JSON is a text.</param>
    /// <exception cref="InvalidDataException">It is no such text, or goes into a setting that has no parts.</exception>
    public static void Apply(JsonObject json, string change)
    {
        if (change.IndexOf('=', StringComparison.Ordinal) is not (> 0 and var equals))
            throw new InvalidDataException($"The change '{change}' is not understood; the form is name=value, such as Detection.BatchSize=8.");
        var names = change[..equals].Trim().Split('.');
        var place = json;
        foreach (var name in names[..^1])
        {
            if (place[name] is null) place[name] = new JsonObject();
            place = place[name] as JsonObject ?? throw new InvalidDataException($"The change '{change}' is not understood: '{name}' has a value and no parts.");
        }
        place[names[^1]] = ValueOf(change[(equals + 1)..].Trim());
    }

    private static JsonNode? ValueOf(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Lenient);
        }
        catch (JsonException)
        {
            return JsonNode.Parse(JsonSerializer.Serialize(text));
        }
    }
}
