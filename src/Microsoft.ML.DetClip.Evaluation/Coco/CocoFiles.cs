using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The two files that COCO evaluation starts from. They are read as the official code reads them: nothing is repaired, clipped or left out.</summary>
public static class CocoFiles
{
    /// <summary>Reads annotations: an object with images, annotations (id, image_id, category_id, bbox, area, iscrowd) and categories; the rest is
    /// skipped.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static DetectionGroundTruth ReadGroundTruth(string path)
    {
        var file = Read(path, CocoJson.Default.CocoAnnotationsJson, "a COCO annotation file");
        return new()
        {
            ImageIds = [.. file.Images.Select(image => image.Id)],
            Categories = [.. file.Categories.Select(category => new GroundTruthCategory(category.Id, category.Name))],
            Boxes = [.. file.Annotations.Select((annotation, i) => ToBox(annotation, path, i))],
        };
    }

    /// <summary>Reads results: a list of image_id, category_id, bbox [x, y, width, height] and score.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static IReadOnlyList<DetectionResult> ReadResults(string path)
    {
        var results = Read(path, CocoJson.Default.ListCocoResultJson, "a COCO results file");
        return [.. results.Select((result, i) => ToResult(result, path, i))];
    }

    /// <summary>Writes results as <see cref="ReadResults"/> and the official code read them: beside the file, then renamed.</summary>
    public static void WriteResults(string path, IEnumerable<DetectionResult> results) => AtomicFile.Write(path, stream =>
    {
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartArray();
        foreach (var result in results)
        {
            WriteResult(json, result);
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
    });

    private static void WriteResult(Utf8JsonWriter json, DetectionResult result)
    {
        json.WriteStartObject();
        json.WriteNumber("image_id", result.ImageId);
        json.WriteNumber("category_id", result.CategoryId);
        json.WriteStartArray("bbox");
        foreach (var side in (ReadOnlySpan<double>)[result.X, result.Y, result.Width, result.Height]) json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteNumber("score", result.Score);
        json.WriteEndObject();
    }

    private static T Read<T>(string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string what)
    {
        using var stream = File.OpenRead(path);
        try
        {
            return JsonSerializer.Deserialize(stream, type) ?? throw new InvalidDataException($"'{path}' is not {what}: it holds null.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"'{path}' is not {what}: {e.Message}", e);
        }
    }

    private static GroundTruthBox ToBox(CocoAnnotationJson annotation, string path, int index)
    {
        var (x, y, width, height) = Sides(annotation.BoundingBox, path, $"annotations[{index}] (id {annotation.Id})");
        return new(annotation.Id, annotation.ImageId, annotation.CategoryId, x, y, width, height, annotation.Area, annotation.IsCrowd != 0);
    }

    private static DetectionResult ToResult(CocoResultJson result, string path, int index)
    {
        var (x, y, width, height) = Sides(result.BoundingBox, path, $"result {index}");
        return new(result.ImageId, result.CategoryId, x, y, width, height, result.Score);
    }

    private static (double X, double Y, double Width, double Height) Sides(double[] box, string path, string record) =>
        box is [var x, var y, var width, var height]
            ? (x, y, width, height)
            : throw new InvalidDataException($"'{path}', {record}: bbox has {box.Length} numbers; it must be [x, y, width, height].");
}
