using System.Text.Json;

namespace Microsoft.ML.DetClip;

/// <summary>The JSON header of a safetensors file: {"name": {"dtype", "shape", "data_offsets"}, …, "__metadata__": {…}}.</summary>
internal static class SafeTensorsHeader
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The limit of the reference implementation, in bytes.</summary>
    public const int MaxLength = 100_000_000;

    private static readonly Dictionary<string, SafeTensorType> Types = Enum.GetValues<SafeTensorType>().ToDictionary(t => t.ToString().ToUpperInvariant());

    /// <summary>Reads and checks a header: known types, sizes that fit, tensors that fill the data part without hole or overlap.</summary>
    /// <param name="json">The header's bytes.</param>
    /// <param name="dataStart">Where the data part begins in the file.</param>
    /// <param name="dataLength">Bytes of the data part.</param>
    /// <exception cref="InvalidDataException">The header is not valid; says why.</exception>
    public static (List<SafeTensorInfo> Tensors, Dictionary<string, string> Metadata) Parse(ReadOnlyMemory<byte> json, long dataStart, long dataLength)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { AllowDuplicateProperties = false });
            var entries = document.RootElement.EnumerateObject().ToArray();
            var metadata = entries.Where(e => e.Name == MetadataKey).SelectMany(e => e.Value.EnumerateObject());
            var tensors = entries.Where(e => e.Name != MetadataKey).Select(e => ParseTensor(e.Name, e.Value, dataStart)).OrderBy(t => t.Info.FileOffset).ToArray();
            CheckOffsets(tensors, dataStart, dataLength);
            return ([.. tensors.Select(t => t.Info)], metadata.ToDictionary(m => m.Name, m => m.Value.GetString() ?? ""));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw new InvalidDataException($"its header is not a valid safetensors header: {e.Message}", e);
        }
    }

    /// <summary>The header's bytes, padded with spaces so that the data part starts at a multiple of 8.</summary>
    public static byte[] Format(IEnumerable<SafeTensorInfo> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata.Count > 0) WriteMetadata(json, metadata);
            long offset = 0;
            foreach (var tensor in tensors) WriteTensor(json, tensor, offset, offset += tensor.ByteCount);
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0) buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static (SafeTensorInfo Info, long End) ParseTensor(string name, JsonElement entry, long dataStart)
    {
        var typeName = entry.GetProperty("dtype").GetString();
        if (typeName is null || !Types.TryGetValue(typeName, out var type))
            throw new FormatException($"'{name}' has the element type '{typeName}'; known are {string.Join(", ", Types.Keys)}");
        var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        if (shape.Any(size => size < 0)) throw new FormatException($"'{name}' has a negative size: [{string.Join(", ", shape)}]");
        var offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end]) throw new FormatException($"'{name}' has {offsets.Length} data_offsets instead of 2");
        var info = new SafeTensorInfo(name, type, shape) { FileOffset = checked(dataStart + begin) };
        if (end - begin != info.ByteCount) throw new FormatException($"'{info}' has {end - begin} bytes instead of {info.ByteCount}");
        return (info, checked(dataStart + end));
    }

    private static void CheckOffsets(IReadOnlyList<(SafeTensorInfo Info, long End)> tensors, long dataStart, long dataLength)
    {
        var expected = dataStart;
        foreach (var (info, end) in tensors.OrderBy(t => t.Info.FileOffset).ThenBy(t => t.End))
        {
            if (info.FileOffset != expected)
                throw new FormatException($"the data of '{info.Name}' starts at byte {info.FileOffset - dataStart} of the data part instead of {expected - dataStart}");
            expected = end;
        }
        if (expected - dataStart != dataLength)
            throw new FormatException($"the tensors have {expected - dataStart} bytes but the file holds {dataLength}: it was cut short or has something appended");
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        json.WriteStartObject(MetadataKey);
        foreach (var (key, value) in metadata.OrderBy(m => m.Key, StringComparer.Ordinal)) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void WriteTensor(Utf8JsonWriter json, SafeTensorInfo tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.ToString().ToUpperInvariant());
        json.WriteStartArray("shape");
        foreach (var size in tensor.Shape) json.WriteNumberValue(size);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
