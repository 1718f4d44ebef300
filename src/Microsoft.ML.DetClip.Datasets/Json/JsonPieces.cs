using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A member of a large JSON file.</summary>
/// <param name="Section">The name of the list or object it stands in; empty for the file's root.</param>
/// <param name="Key">Its own name; null in a list.</param>
/// <param name="Value">The caller's to dispose.</param>
/// <param name="Offset">Where the value begins, in bytes from the start of the file.</param>
internal readonly record struct JsonPiece(string Section, string? Key, JsonDocument Value, long Offset);

/// <summary>Reads large JSON files member by member.</summary>
internal sealed class JsonPieces
{
    private readonly string[] _sections;
    private readonly int _maxBytes;
    private JsonFileReader.Suspended _place;
    private string? _section; // null between sections
    private bool _isObject;

    private JsonPieces(string path, string[] sections, int maxBytes)
    {
        (_sections, _maxBytes) = (sections, maxBytes);
        _place = new JsonFileReader(path).Suspend();
    }

    /// <summary>The members of some objects and lists of the file's root object, in the order they stand there.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON, is cut off, is no object, or has a value that is too large.</exception>
    public static IEnumerable<JsonPiece> OfSections(string path, string[] sections, int maxBytes) => Read(path, sections, maxBytes, JsonTokenType.StartObject);

    /// <summary>The elements of the file's root list.</summary>
    /// <exception cref="InvalidDataException">The file is not JSON, is cut off, is no list, or has a value that is too large.</exception>
    public static IEnumerable<JsonPiece> OfList(string path, int maxBytes) => Read(path, [], maxBytes, JsonTokenType.StartArray);

    private static IEnumerable<JsonPiece> Read(string path, string[] sections, int maxBytes, JsonTokenType root)
    {
        var pieces = new JsonPieces(path, sections, maxBytes);
        try
        {
            pieces.Begin(path, root);
            while (pieces.Next() is { } piece) yield return piece;
        }
        finally
        {
            JsonFileReader.Resume(pieces._place).Dispose();
        }
    }

    private void Begin(string path, JsonTokenType root)
    {
        var json = JsonFileReader.Resume(_place);
        try
        {
            json.Read();
            if (json.TokenType != root) throw new InvalidDataException($"'{path}' does not begin with {(root == JsonTokenType.StartArray ? "a list" : "an object")}: it is of another layout.");
            _section = root == JsonTokenType.StartArray ? "" : null;
        }
        finally
        {
            _place = json.Suspend();
        }
    }

    private JsonPiece? Next()
    {
        var json = JsonFileReader.Resume(_place);
        try
        {
            return Next(ref json);
        }
        finally
        {
            _place = json.Suspend();
        }
    }

    private JsonPiece? Next(ref JsonFileReader json)
    {
        while (_section is not null || FindSection(ref json))
        {
            var key = _isObject ? json.NextProperty() : null;
            if (_isObject ? key is not null : json.NextElement())
            {
                var offset = json.Offset;
                return new(_section!, key, json.Value(_maxBytes), offset);
            }
            if (_section!.Length == 0) break;
            _section = null;
        }
        json.Read(); // refuses what follows the root
        return null;
    }

    private bool FindSection(ref JsonFileReader json)
    {
        while (json.NextProperty() is { } name)
        {
            _isObject = json.TokenType == JsonTokenType.StartObject;
            if (_sections.Contains(name) && (_isObject || json.TokenType == JsonTokenType.StartArray))
            {
                _section = name;
                return true;
            }
            json.Skip();
        }
        return false;
    }
}
