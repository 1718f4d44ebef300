using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes VoTT's JSON export, as ML.NET Model Builder opens it: images lie beside the file.</summary>
internal static class VottFile
{
    private static readonly string[] Colours = ["#5db300", "#e81123", "#6917aa", "#015cda", "#4894fe", "#eb3b5a", "#fa8231", "#20bf6b"];

    /// <summary>A second tag of boxes that a person shall look at.</summary>
    public const string ReviewTag = "review";

    public static void Write(WriteJob job) => JsonOutput.Write(job.Path, json =>
    {
        json.WriteStartObject();
        json.WriteString("name", Path.GetFileNameWithoutExtension(job.Path));
        json.WriteString("version", "2.2.0");
        json.WriteList("tags", [.. TagsOf(job).Index()], tag =>
        {
            json.WriteStartObject();
            json.WriteString("name", tag.Item);
            json.WriteString("color", Colours[tag.Index % Colours.Length]);
            json.WriteEndObject();
        });
        json.WriteStartObject("assets");
        foreach (var sample in job.Samples) WriteAsset(json, sample);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    private static IEnumerable<string> TagsOf(WriteJob job)
    {
        var names = job.Categories.Select(c => c.Name);
        return job.Samples.Any(s => s.NeedsReview.Contains(true)) ? names.Append(ReviewTag).Distinct() : names;
    }

    private static void WriteAsset(Utf8JsonWriter json, DatasetSample sample)
    {
        var name = WriteJob.BareNameOf(sample);
        var path = $"file:{name}";
        var id = Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{path}\n{sample.ImagePath}"))); // VoTT's ids are MD5 sums of paths
        json.WriteStartObject(id);
        json.WriteStartObject("asset");
        json.WriteString("format", Path.GetExtension(name).TrimStart('.').ToLowerInvariant());
        json.WriteString("id", id);
        json.WriteString("name", name.Contains('%') ? Uri.EscapeDataString(name) : name);
        json.WriteString("path", path);
        json.WriteObject("size", ("width", sample.Width), ("height", sample.Height));
        json.WriteNumber("state", sample.Boxes.Count > 0 ? 2 : 1); // tagged, or visited
        json.WriteNumber("type", 1); // an image
        json.WriteEndObject();
        json.WriteList("regions", [.. sample.Boxes.Zip(sample.Labels).Index()], region =>
            WriteRegion(json, $"{id[..8]}{region.Index}", region.Item.First, sample.IsForReview(region.Index) ? [region.Item.Second, ReviewTag] : [region.Item.Second]));
        json.WriteString("version", "2.2.0");
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, string id, Box box, string[] tags)
    {
        double left = box.X0, top = box.Y0, right = box.X1, bottom = box.Y1;
        json.WriteStartObject();
        json.WriteString("id", id);
        json.WriteString("type", "RECTANGLE");
        json.WriteList("tags", tags, json.WriteStringValue);
        json.WriteObject("boundingBox", ("height", bottom - top), ("width", right - left), ("left", left), ("top", top));
        json.WriteList("points", [(left, top), (right, top), (right, bottom), (left, bottom)], point =>
        {
            json.WriteStartObject();
            json.WriteNumber("x", point.Item1);
            json.WriteNumber("y", point.Item2);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}
