using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The two files that COCO evaluation starts from. They are read as the official code reads them: nothing is repaired, clipped or left out.</summary>
public static class CocoFiles
{
    /// <summary>Reads annotations: an object with images, annotations (id, image_id, category_id, bbox, area, iscrowd, ignore) and categories; the rest is
    /// skipped.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static DetectionGroundTruth ReadGroundTruth(string path)
    {
        List<long> images = [];
        List<GroundTruthCategory> categories = [];
        List<GroundTruthBox> boxes = [];
        var file = new RecordFile(path, "a COCO annotation file");
        file.ReadLists(
            ("images", (ref json) => images = file.ReadRecords(ref json, "images", ReadImage)),
            ("annotations", (ref json) => boxes = file.ReadRecords(ref json, "annotations", ReadBox)),
            ("categories", (ref json) => categories = file.ReadRecords(ref json, "categories", ReadCategory)));
        return new() { ImageIds = images, Categories = categories, Boxes = boxes };
    }

    /// <summary>Reads results: a list of image_id, category_id, bbox [x, y, width, height] and score.</summary>
    /// <exception cref="InvalidDataException">The file is not that; the message says where.</exception>
    public static IReadOnlyList<DetectionResult> ReadResults(string path) => new RecordFile(path, "a COCO results file").ReadList(ReadResult).ToArray();

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

    /// <summary>An annotation, also LVIS's.</summary>
    internal static GroundTruthBox ReadBox(ref JsonFileReader json, in RecordPlace place)
    {
        var (id, image, category) = ((long?)null, (long?)null, (long?)null);
        var (box, area, isCrowd, isIgnored) = ((double[]?)null, (double?)null, false, false);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else if (name == "image_id") image = json.Integer();
            else if (name == "category_id") category = json.Integer();
            else if (name == "bbox") box = RecordFile.Numbers(ref json);
            else if (name == "area") area = json.Number();
            else if (name == "iscrowd") isCrowd = json.Flag();
            else if (name == "ignore") isIgnored = json.Flag();
            else json.Skip();
        }
        var (x, y, width, height) = place.NeedBox(box, "bbox", "x, y, width, height");
        return new(
            place.Need(id, "id", "an integer"), place.Need(image, "image_id", "an integer"), place.NeedCategory(category, "category_id"),
            x, y, width, height, place.NeedFinite(area, "area"), isCrowd, isIgnored);
    }

    private static long ReadImage(ref JsonFileReader json, in RecordPlace place)
    {
        long? id = null;
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else json.Skip();
        }
        return place.Need(id, "id", "an integer");
    }

    private static GroundTruthCategory ReadCategory(ref JsonFileReader json, in RecordPlace place)
    {
        var (id, text) = ((long?)null, (string?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "id") id = json.Integer();
            else if (name == "name") text = json.Text();
            else json.Skip();
        }
        return new(place.NeedCategory(id, "id"), text ?? $"category {id}");
    }

    private static DetectionResult ReadResult(ref JsonFileReader json, in RecordPlace place)
    {
        var (image, category, box, score) = ((long?)null, (long?)null, (double[]?)null, (double?)null);
        while (json.NextProperty() is { } name)
        {
            if (name == "image_id") image = json.Integer();
            else if (name == "category_id") category = json.Integer();
            else if (name == "bbox") box = RecordFile.Numbers(ref json);
            else if (name == "score") score = json.Number();
            else json.Skip();
        }
        var (x, y, width, height) = place.NeedBox(box, "bbox", "x, y, width, height");
        return new(
            place.Need(image, "image_id", "an integer"), place.NeedCategory(category, "category_id"), x, y, width, height, place.Need(score, "score", "a number"));
    }

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
}
