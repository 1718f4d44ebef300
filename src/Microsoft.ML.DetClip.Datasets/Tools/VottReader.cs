using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads the JSON export of VoTT, as ML.NET Model Builder takes it. Images lie beside the file under the assets' names: their paths are of another machine.</summary>
internal sealed class VottReader
{
    private readonly ReadLog _log;
    private readonly ImageFiles _images;
    private long _count;

    private VottReader(ReadLog log) => (_log, _images) = (log, new(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log.Options));

    /// <summary>A sample for each asset, in the order of the file.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log)
    {
        var reader = new VottReader(log);
        var values = JsonPieces.OfSections(log.Path, ["tags", "assets"], log.Options.MaxRecordBytes);
        var found = false;
        foreach (var (section, key, json, offset) in values)
            using (json)
            {
                found |= section == "assets";
                if (section == "tags" && json.RootElement.Text("name")?.Trim() is { Length: > 0 } tag) log.Categories.Add(new(log.Categories.Count + 1, tag));
                if (section == "assets" && key is not null && reader.ReadAsset(key, json.RootElement, offset) is { } sample) yield return sample;
            }
        if (!found) throw new InvalidDataException($"'{log.Path}' has no assets: it is no JSON export of VoTT (its project file, *.vott, is another).");
    }

    private DatasetSample? ReadAsset(string key, JsonElement value, long offset)
    {
        if (value.Property("asset") is not { } asset) return Wrong(key, offset, "there is no 'asset'");
        if (asset.Property("size") is not { } size || size.Size("width") is not { } width || size.Size("height") is not { } height) return Wrong(key, offset, "its size is missing or not positive");
        if (asset.Text("name") is not { Length: > 0 } name) return Wrong(key, offset, "its name is missing or empty");
        if ((FindImage(name, out var image) ?? _images.CheckSize(image, width, height)) is { } problem) return Wrong(key, offset, problem);
        var sample = new SampleBuilder(++_count, image, width, height);
        foreach (var (i, region) in value.Items("regions").Index())
            if (AddRegion(region, sample) is { } wrong) Wrong($"{key}, region {i}", offset, wrong);
        return sample.ToSample();
    }

    // VoTT writes names as URLs at times: "a%20b.jpg".
    private string? FindImage(string name, out string image)
    {
        var decoded = Uri.UnescapeDataString(name);
        var problem = _images.Find(decoded, out image);
        return problem is null || decoded == name || RelativePath.Clean(decoded) is null ? problem : _images.Find(name, out image);
    }

    /// <returns>What is wrong; null when the region was added.</returns>
    private string? AddRegion(JsonElement region, SampleBuilder sample)
    {
        var box = region.Property("boundingBox");
        if (box?.Number("left") is not { } left || box?.Number("top") is not { } top || box?.Number("width") is not { } width || box?.Number("height") is not { } height)
            return "boundingBox is missing or not left, top, width, height";
        var tags = region.Items("tags").Select(tag => tag.Text()?.Trim()).ToArray();
        if (tags.Length == 0 || tags.Any(string.IsNullOrEmpty)) return "it has no tag";
        if (_log.Fit(left, top, left + width, top + height, sample.Width, sample.Height, out var fitted) is { } problem) return problem;
        var names = tags.Where(tag => tags.Length == 1 || tag != VottFile.ReviewTag).ToArray(); // beside another, it is the mark that the writer sets
        foreach (var name in names) sample.Add(fitted, name!, needsReview: names.Length < tags.Length);
        return null;
    }

    private DatasetSample? Wrong(string key, long offset, string problem)
    {
        _log.Problems.Add($"asset {key}", offset, problem);
        return null;
    }
}
