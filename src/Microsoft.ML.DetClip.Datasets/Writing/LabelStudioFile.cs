using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes tasks for Label Studio with finished annotations.</summary>
internal static class LabelStudioFile
{
    public static void Write(WriteJob job) => JsonOutput.Write(job.Path, json =>
    {
        json.WriteStartArray();
        foreach (var sample in job.Samples) WriteTask(json, sample);
        json.WriteEndArray();
    });

    private static void WriteTask(Utf8JsonWriter json, DatasetSample sample)
    {
        var name = WriteJob.BareNameOf(sample);
        json.WriteStartObject();
        json.WriteNumber("id", sample.ImageId);
        json.WriteString("file_upload", name);
        json.WriteStartObject("data");
        json.WriteString("image", Uri.EscapeDataString(name));
        json.WriteNumber("width", sample.Width);
        json.WriteNumber("height", sample.Height);
        json.WriteEndObject();
        json.WriteList("annotations", [sample], _ =>
        {
            json.WriteStartObject();
            json.WriteBoolean("was_cancelled", false);
            json.WriteList("result", [.. sample.Boxes.Zip(sample.Labels).Index()], one => WriteResult(json, sample, one.Index, one.Item.First, one.Item.Second));
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, DatasetSample sample, int index, Box box, string label)
    {
        json.WriteStartObject();
        json.WriteString("id", $"{sample.ImageId}-{index}");
        json.WriteString("type", "rectanglelabels");
        json.WriteString("from_name", "label");
        json.WriteString("to_name", "image");
        json.WriteNumber("original_width", sample.Width);
        json.WriteNumber("original_height", sample.Height);
        json.WriteNumber("image_rotation", 0);
        json.WriteStartObject("value");
        json.WriteNumber("x", 100.0 * box.X0 / sample.Width);
        json.WriteNumber("y", 100.0 * box.Y0 / sample.Height);
        json.WriteNumber("width", 100.0 * ((double)box.X1 - box.X0) / sample.Width);
        json.WriteNumber("height", 100.0 * ((double)box.Y1 - box.Y0) / sample.Height);
        json.WriteNumber("rotation", 0);
        json.WriteList("rectanglelabels", [label], json.WriteStringValue);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
