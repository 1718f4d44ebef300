using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>A file of names and definitions, as <see cref="ConceptDictionary.Load"/> says.</summary>
internal sealed class ConceptFile
{
    private static readonly JsonReaderOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly string _path;
    private readonly byte[] _bytes;
    private readonly Dictionary<string, (string? Definition, long Offset)> _entries = [];
    private readonly List<Concept> _concepts = [];

    private ConceptFile(string path)
    {
        (_path, _bytes) = (path, File.ReadAllBytes(path));
        if (_bytes.AsSpan().StartsWith("\uFEFF"u8)) _bytes = _bytes[3..];
    }

    /// <summary>The concepts of a file, in its order, each name once.</summary>
    /// <exception cref="InvalidDataException">Says in which line what is wrong.</exception>
    public static IReadOnlyList<Concept> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var file = new ConceptFile(path);
        if (Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)) file.ReadJson();
        else file.ReadLines();
        return file._concepts;
    }

    private void Add(string? name, string? definition, long offset)
    {
        if (string.IsNullOrWhiteSpace(name)) throw Bad(offset, "there is no name");
        (name, definition) = (name.Trim(), string.IsNullOrWhiteSpace(definition) ? null : definition.Trim());
        if (_entries.TryAdd(name, (definition, offset))) _concepts.Add(new(name, definition));
        else if (_entries[name].Definition != definition) throw Bad(offset, $"'{name}' has another definition than in line {LineOf(_entries[name].Offset)}");
    }

    private void ReadLines()
    {
        for (int start = 0, end; start < _bytes.Length; start = end + 1)
        {
            var length = _bytes.AsSpan(start).IndexOf((byte)'\n');
            end = length < 0 ? _bytes.Length : start + length;
            var line = Decode(start, end);
            if (string.IsNullOrWhiteSpace(line)) continue;
            var parts = line.TrimEnd('\r').Split('\t');
            if (parts.Length > 2) throw Bad(start, "there are more than two parts; a line is a name, a tab and a definition");
            Add(parts[0], parts.ElementAtOrDefault(1), start);
        }
    }

    private string Decode(int start, int end)
    {
        try
        {
            return Utf8.GetString(_bytes, start, end - start);
        }
        catch (DecoderFallbackException)
        {
            throw Bad(start, "it is not UTF-8");
        }
    }

    private void ReadJson()
    {
        var reader = new Utf8JsonReader(_bytes, Lenient);
        try
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject) ReadProperties(ref reader);
            else if (reader.TokenType == JsonTokenType.StartArray) ReadElements(ref reader);
            else throw Bad(reader.TokenStartIndex, "it must be an object or an array");
            reader.Read(); // anything more is not JSON
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{_path}' line {e.LineNumber + 1}: not JSON, or cut off: {e.Message}", e);
        }
        catch (InvalidOperationException)
        {
            throw Bad(reader.TokenStartIndex, "a text is not UTF-8");
        }
    }

    private void ReadProperties(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (name, offset) = (reader.GetString(), reader.TokenStartIndex);
            reader.Read();
            Add(name, Text(ref reader), offset);
        }
    }

    private void ReadElements(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            if (reader.TokenType == JsonTokenType.StartObject) ReadNamed(ref reader);
            else Add(Text(ref reader), null, reader.TokenStartIndex);
    }

    private void ReadNamed(ref Utf8JsonReader reader)
    {
        var offset = reader.TokenStartIndex;
        string? name = null, definition = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.GetString();
            reader.Read();
            if (property == "name") name = Text(ref reader);
            else if (property is "definition" or "def") definition = Text(ref reader);
            else reader.Skip();
        }
        Add(name, definition, offset);
    }

    private string? Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Null => null,
        _ => throw Bad(reader.TokenStartIndex, "names and definitions must be texts"),
    };

    private int LineOf(long offset) => _bytes.AsSpan(0, (int)offset).Count((byte)'\n') + 1;

    private InvalidDataException Bad(long offset, string problem) => new($"'{_path}' line {LineOf(offset)}: {problem}.");
}
