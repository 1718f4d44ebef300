using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes tasks for Label Studio: what is believed as finished annotations, what shall be reviewed as predictions.</summary>
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
        var believed = Enumerable.Range(0, sample.Boxes.Count).Where(box => !sample.IsForReview(box)).ToArray();
        var doubtful = Enumerable.Range(0, sample.Boxes.Count).Except(believed).ToArray();
        // A task with an annotation counts as done; one that has nothing but doubtful boxes is not.
        WriteSets(json, "annotations", doubtful.Length > 0 && believed.Length == 0 ? [] : [believed], sample, () => json.WriteBoolean("was_cancelled", false));
        if (doubtful.Length > 0) WriteSets(json, "predictions", [doubtful], sample, () => WriteModel(json, sample, doubtful));
        json.WriteEndObject();
    }

    private static void WriteSets(Utf8JsonWriter json, string name, int[][] sets, DatasetSample sample, Action writeRest) => json.WriteList(name, sets, boxes =>
    {
        json.WriteStartObject();
        writeRest();
        json.WriteList("result", boxes, box => WriteResult(json, sample, box));
        json.WriteEndObject();
    });

    private static void WriteModel(Utf8JsonWriter json, DatasetSample sample, int[] boxes)
    {
        json.WriteString("model_version", "detclip");
        if (sample.Scores.Count > 0) json.WriteNumber("score", boxes.Min(box => sample.Scores[box])); // tasks can be sorted by it
    }

    private static void WriteResult(Utf8JsonWriter json, DatasetSample sample, int index)
    {
        var box = sample.Boxes[index];
        json.WriteStartObject();
        json.WriteString("id", $"{sample.ImageId}-{index}");
        json.WriteString("type", "rectanglelabels");
        json.WriteString("from_name", "label");
        json.WriteString("to_name", "image");
        json.WriteNumber("original_width", sample.Width);
        json.WriteNumber("original_height", sample.Height);
        json.WriteNumber("image_rotation", 0);
        if (sample.IsForReview(index) && sample.Scores.Count > 0) json.WriteNumber("score", sample.Scores[index]);
        json.WriteStartObject("value");
        json.WriteNumber("x", 100.0 * box.X0 / sample.Width);
        json.WriteNumber("y", 100.0 * box.Y0 / sample.Height);
        json.WriteNumber("width", 100.0 * ((double)box.X1 - box.X0) / sample.Width);
        json.WriteNumber("height", 100.0 * ((double)box.Y1 - box.Y0) / sample.Height);
        json.WriteNumber("rotation", 0);
        json.WriteList("rectanglelabels", [sample.Labels[index]], json.WriteStringValue);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
