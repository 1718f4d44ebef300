using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads Label Studio's exports JSON and JSON_MIN: rectangles in percent of the image. Cancelled annotations and turned rectangles are left out.</summary>
internal sealed class LabelStudioReader
{
    private const int UploadPrefix = 9; // "0a1b2c3d-" before the name of an uploaded file
    private readonly ReadLog _log;
    private readonly ImageFiles _images;
    private long _count;

    private LabelStudioReader(ReadLog log) => (_log, _images) = (log, new(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log.Options));

    /// <summary>A sample for each task, in the order of the file.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var reader = new LabelStudioReader(log);
        foreach (var piece in JsonPieces.OfList(log.Path, log.Options.MaxRecordBytes))
            using (piece.Value)
                if (reader.ReadTask(piece.Value.RootElement, $"task {++reader._count}", piece.Offset) is { } sample) yield return sample;
    }

    private DatasetSample? ReadTask(JsonElement task, string place, long offset)
    {
        var url = task.Property("data")?.Text("image") ?? task.Text("image");
        if (string.IsNullOrWhiteSpace(url)) return Wrong(place, offset, "its image is missing or empty");
        if (FindImage(url, task.Text("file_upload"), out var image) is { } problem) return Wrong(place, offset, problem);
        var rectangles = RectanglesOf(task).ToArray();
        if (SizeOf(task, rectangles, image) is not { } size) return Wrong(place, offset, "the size of its image is neither in the task nor in a file");
        if (_images.CheckSize(image, size.Width, size.Height) is { } other) return Wrong(place, offset, other);
        var sample = new SampleBuilder(task.Integer("id") ?? _count, image, size.Width, size.Height);
        foreach (var (i, rectangle) in rectangles.Index())
            if (Add(rectangle, sample) is { } wrong) Wrong($"{place}, result {i}", offset, wrong);
        return sample.ToSample();
    }

    /// <summary>The objects with x, y, width, height: "value" of a result, or the entry itself in JSON_MIN.</summary>
    private static IEnumerable<(JsonElement Value, JsonElement Sizes)> RectanglesOf(JsonElement task)
    {
        foreach (var annotation in task.Items("annotations"))
        {
            if (annotation.Property("was_cancelled")?.ValueKind == JsonValueKind.True) continue;
            foreach (var result in annotation.Items("result"))
                if (result.Text("type") is "rectanglelabels" && result.Property("value") is { } value) yield return (value, result);
        }
        foreach (var entry in task.Items("label"))
            if (entry.Property("rectanglelabels") is not null) yield return (entry, entry);
    }

    private static ImageSize? SizeOf(JsonElement task, (JsonElement Value, JsonElement Sizes)[] rectangles, string image)
    {
        foreach (var sizes in rectangles.Select(r => r.Sizes))
            if (sizes.Size("original_width") is { } width && sizes.Size("original_height") is { } height) return new(width, height);
        if (task.Property("data") is { } data && data.Size("width") is { } dataWidth && data.Size("height") is { } dataHeight) return new(dataWidth, dataHeight);
        try
        {
            return ImageDecoder.Peek(image);
        }
        catch (Exception e) when (e is ImageDecodingException or IOException or ArgumentException)
        {
            return null;
        }
    }

    private string? FindImage(string url, string? upload, out string image)
    {
        var name = Uri.UnescapeDataString(url.Split('?')[0]).Replace('\\', '/').Split('/')[^1];
        string[] names = name.Length > UploadPrefix && name[UploadPrefix - 1] == '-' ? [name, name[UploadPrefix..]] : [name];
        foreach (var candidate in upload is null ? names : [.. names, upload])
            if (_images.Find(candidate, out image) is null && File.Exists(image)) return null;
        return _images.Find(upload ?? names[^1], out image);
    }

    /// <returns>What is wrong; null when the rectangle was added.</returns>
    private string? Add((JsonElement Value, JsonElement Sizes) rectangle, SampleBuilder sample)
    {
        var value = rectangle.Value;
        if (value.Number("x") is not { } x || value.Number("y") is not { } y || value.Number("width") is not { } width || value.Number("height") is not { } height)
            return "it has no x, y, width and height";
        if (value.Number("rotation") is { } turn && turn % 360 != 0) return FormattableString.Invariant($"the rectangle is turned by {turn}°; boxes are upright");
        var labels = value.Items("rectanglelabels").Select(label => label.Text()?.Trim()).ToArray();
        if (labels.Length == 0 || labels.Any(string.IsNullOrEmpty)) return "it has no label";
        var (toX, toY) = (sample.Width / 100.0, sample.Height / 100.0);
        if (_log.Fit(x * toX, y * toY, (x + width) * toX, (y + height) * toY, sample.Width, sample.Height, out var box) is { } problem) return problem;
        foreach (var label in labels) sample.Add(box, label!);
        return null;
    }

    private DatasetSample? Wrong(string place, long offset, string problem)
    {
        _log.Problems.Add(place, offset, problem);
        return null;
    }
}
