using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>JSON files, written beside and renamed.</summary>
internal static class JsonOutput
{
    private const int MostPending = 1 << 16;
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, Action<Utf8JsonWriter> write) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, Plain);
        write(json);
    });

    /// <summary>A file with a JSON object in each line.</summary>
    public static void WriteLines<T>(string path, IEnumerable<T> items, Action<Utf8JsonWriter, T> write) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, Plain);
        foreach (var item in items)
        {
            write(json, item);
            json.Flush();
            stream.WriteByte((byte)'\n');
            json.Reset();
        }
    });

    public static void WriteList<T>(this Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
            if (json.BytesPending > MostPending) json.Flush();
        }
        json.WriteEndArray();
    }

    public static void WriteObject(this Utf8JsonWriter json, string name, params ReadOnlySpan<(string Name, double Value)> numbers)
    {
        json.WriteStartObject(name);
        foreach (var (property, value) in numbers) json.WriteNumber(property, value);
        json.WriteEndObject();
    }
}
