using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.DetClip;

// The value that the reader stands on, as what it should be.
internal ref partial struct JsonFileReader
{
    private const double ExactDouble = 1L << 53; // above it, doubles skip integers

    /// <summary>The number it stands on; null, having skipped the value, when that is none.</summary>
    public double? Number()
    {
        if (TokenType == JsonTokenType.Number && _reader.TryGetDouble(out var value)) return value;
        Skip();
        return null;
    }

    /// <summary>The integer it stands on, written with or without a fraction of 0; null, having skipped the value, when that is none.</summary>
    /// <param name="takesText">Whether a string of digits is one.</param>
    public long? Integer(bool takesText = false)
    {
        if (takesText && TokenType == JsonTokenType.String) return long.TryParse(Decode(), NumberStyles.None, CultureInfo.InvariantCulture, out var digits) ? digits : null;
        if (TokenType != JsonTokenType.Number)
        {
            Skip();
            return null;
        }
        if (_reader.TryGetInt64(out var value)) return value;
        return _reader.TryGetDouble(out var real) && double.IsInteger(real) && Math.Abs(real) <= ExactDouble ? (long)real : null;
    }

    /// <summary>The string it stands on; null, having skipped the value, when that is none.</summary>
    public string? Text()
    {
        if (TokenType == JsonTokenType.String) return Decode();
        Skip();
        return null;
    }

    /// <summary>Whether it stands on true or a number other than 0.</summary>
    public bool Flag() => TokenType == JsonTokenType.True || Number() is { } number && number != 0;

    /// <summary>The integers of the array it stands on, and nothing of what else is in it; null, having skipped the value, when it is no array.</summary>
    public long[]? Integers()
    {
        if (!EntersArray()) return null;
        var integers = new List<long>();
        while (NextElement())
            if (Integer() is { } integer) integers.Add(integer);
        return [.. integers];
    }

    /// <summary>The strings of the array it stands on, and nothing of what else is in it; null, having skipped the value, when it is no array.</summary>
    public string[]? Texts()
    {
        if (!EntersArray()) return null;
        var texts = new List<string>();
        while (NextElement())
            if (Text() is { } text) texts.Add(text);
        return [.. texts];
    }

    /// <summary>The whole value it stands on; the caller's to dispose.</summary>
    /// <param name="maxBytes">The most bytes it may have.</param>
    /// <exception cref="InvalidDataException">It is larger, or not JSON, or cut off.</exception>
    public JsonDocument Value(int maxBytes)
    {
        var (offset, copy) = (Offset, new ArrayBufferWriter<byte>());
        using var writer = new Utf8JsonWriter(copy);
        var depth = 0;
        do
        {
            depth += CopyTo(writer);
            if (writer.BytesCommitted + writer.BytesPending <= maxBytes) continue;
            throw new InvalidDataException($"'{Path}' {TextPosition.Describe(Path, offset)}: a record larger than the {maxBytes:N0} bytes that are allowed.");
        }
        while (depth > 0 && Read());
        writer.Flush();
        return JsonDocument.Parse(copy.WrittenMemory);
    }

    private bool EntersArray()
    {
        if (TokenType == JsonTokenType.StartArray) return true;
        Skip();
        return false;
    }

    /// <summary>Copies the token it stands on.</summary>
    /// <returns>By how much it changes the depth.</returns>
    private readonly int CopyTo(Utf8JsonWriter writer)
    {
        switch (TokenType)
        {
            case JsonTokenType.StartObject: writer.WriteStartObject(); return 1;
            case JsonTokenType.StartArray: writer.WriteStartArray(); return 1;
            case JsonTokenType.EndObject: writer.WriteEndObject(); return -1;
            case JsonTokenType.EndArray: writer.WriteEndArray(); return -1;
            case JsonTokenType.PropertyName: writer.WritePropertyName(Decode()); return 0;
            case JsonTokenType.String: writer.WriteStringValue(Decode()); return 0;
            default: writer.WriteRawValue(_reader.ValueSpan, skipInputValidation: true); return 0;
        }
    }
}
