using System.Globalization;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes ODVG's JSON lines: "detection" with labels from 0, named in a label map beside the file, or "grounding" with a region for each phrase and box.</summary>
internal static class OdvgFile
{
    /// <summary>The label map of a file.</summary>
    public static string LabelsOf(string path) => Path.ChangeExtension(path, ".label_map.json");

    public static void Write(WriteJob job)
    {
        if (job.Categories.Count > 0) JsonOutput.Write(LabelsOf(job.Path), json => WriteLabels(json, job.Categories));
        JsonOutput.WriteLines(job.Path, job.Samples, (json, sample) =>
        {
            json.WriteStartObject();
            json.WriteString("filename", job.NameOf(sample));
            json.WriteNumber("height", sample.Height);
            json.WriteNumber("width", sample.Width);
            if (sample.Kind == DatasetSampleKind.Detection) WriteDetection(json, sample, job);
            else WriteGrounding(json, sample);
            json.WriteEndObject();
        });
    }

    private static void WriteLabels(Utf8JsonWriter json, IReadOnlyList<DatasetCategory> categories)
    {
        json.WriteStartObject();
        foreach (var (i, category) in categories.Index()) json.WriteString(i.ToString(CultureInfo.InvariantCulture), category.Name);
        json.WriteEndObject();
    }

    private static void WriteDetection(Utf8JsonWriter json, DatasetSample sample, WriteJob job)
    {
        json.WriteStartObject("detection");
        json.WriteList("instances", [.. sample.Boxes.Zip(sample.Labels)], one =>
        {
            json.WriteStartObject();
            WriteBox(json, one.First);
            json.WriteNumber("label", job.Numbers[one.Second]);
            json.WriteString("category", one.Second);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteGrounding(Utf8JsonWriter json, DatasetSample sample)
    {
        json.WriteStartObject("grounding");
        json.WriteString("caption", sample.Caption);
        json.WriteList("regions", [.. sample.Boxes.Zip(sample.Labels)], one =>
        {
            json.WriteStartObject();
            WriteBox(json, one.First);
            json.WriteString("phrase", one.Second);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter json, Box box) => json.WriteList("bbox", [box.X0, box.Y0, box.X1, box.Y1], json.WriteNumberValue);
}
