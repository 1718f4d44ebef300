using System.Text.Encodings.Web;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Metrics as JSON.</summary>
internal static class MetricsJson
{
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }; // "refcoco+"

    /// <summary>Writes one object, beside the file, then renames.</summary>
    public static void Save(string path, Action<Utf8JsonWriter> writeProperties) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream, Format);
        json.WriteStartObject();
        writeProperties(json);
        json.WriteEndObject();
    });

    /// <summary>Writes an object of numbers.</summary>
    public static void WriteNumbers(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, double>> values)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in values) json.WriteNumber(key, value);
        json.WriteEndObject();
    }
}
