using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Writes a data set in COCO's detection format, as <see cref="CocoDataset"/> and pycocotools read it.</summary>
public static class CocoWriter
{
    /// <summary>Writes beside the file, then renames: readers never see a part.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="samples">The images and their objects. Annotations are numbered from 1 in this order; "area" is that of the box.</param>
    /// <param name="categories">A category for each label; of two with one name the first is taken.</param>
    /// <param name="imageFolder">The folder that file_name shall start from; null writes the bare names of the image files.</param>
    /// <exception cref="ArgumentException">A label has no category, an image id occurs twice, or a sample's lists differ in length; nothing is
    /// written.</exception>
    public static void Write(string path, IReadOnlyList<DetectionSample> samples, IReadOnlyList<CocoCategory> categories, string? imageFolder = null)
    {
        var ids = categories.DistinctBy(category => category.Name).ToDictionary(category => category.Name, category => category.Id);
        Check(samples, ids);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            json.WriteStartObject("info"); // some versions of pycocotools ask for it
            json.WriteEndObject();
            WriteSection(json, "images", samples, sample => WriteImage(json, sample, imageFolder));
            var annotation = 0L;
            WriteSection(json, "annotations", samples, sample => annotation = WriteObjects(json, sample, ids, annotation));
            WriteSection(json, "categories", categories, category => WriteCategory(json, category));
            json.WriteEndObject();
        });
    }

    private static void Check(IReadOnlyList<DetectionSample> samples, Dictionary<string, int> ids)
    {
        var images = new HashSet<long>();
        foreach (var sample in samples)
        {
            if (!images.Add(sample.ImageId)) throw new ArgumentException($"The image id {sample.ImageId} occurs twice.", nameof(samples));
            if (sample.Labels.Count != sample.Boxes.Count || sample.IsCrowd.Count != sample.Boxes.Count)
                throw new ArgumentException(
                    $"Image {sample.ImageId} has {sample.Boxes.Count} boxes, {sample.Labels.Count} labels and {sample.IsCrowd.Count} crowd marks; "
                    + "the numbers must be equal.", nameof(samples));
            if (sample.Labels.FirstOrDefault(label => !ids.ContainsKey(label)) is { } unknown)
                throw new ArgumentException($"Image {sample.ImageId} has an object labelled '{unknown}', which is none of the categories.", nameof(samples));
        }
    }

    private static void WriteSection<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(item);
            if (json.BytesPending > 1 << 16) json.Flush();
        }
        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, DetectionSample sample, string? imageFolder)
    {
        var file = imageFolder is null ? Path.GetFileName(sample.ImagePath) : Path.GetRelativePath(imageFolder, sample.ImagePath).Replace('\\', '/');
        json.WriteStartObject();
        json.WriteNumber("id", sample.ImageId);
        json.WriteString("file_name", file);
        json.WriteNumber("width", sample.Width);
        json.WriteNumber("height", sample.Height);
        json.WriteEndObject();
    }

    /// <returns>The number of the last annotation.</returns>
    private static long WriteObjects(Utf8JsonWriter json, DetectionSample sample, Dictionary<string, int> ids, long last)
    {
        for (var i = 0; i < sample.Boxes.Count; i++)
        {
            json.WriteStartObject();
            json.WriteNumber("id", ++last);
            json.WriteNumber("image_id", sample.ImageId);
            json.WriteNumber("category_id", ids[sample.Labels[i]]);
            WriteBox(json, sample.Boxes[i]);
            json.WriteNumber("iscrowd", sample.IsCrowd[i] ? 1 : 0);
            json.WriteEndObject();
        }
        return last;
    }

    /// <summary>In double, so that reading gives back the very corners.</summary>
    private static void WriteBox(Utf8JsonWriter json, Box box)
    {
        double x = box.X0, y = box.Y0, width = box.X1 - x, height = box.Y1 - y;
        json.WriteStartArray("bbox");
        json.WriteNumberValue(x);
        json.WriteNumberValue(y);
        json.WriteNumberValue(width);
        json.WriteNumberValue(height);
        json.WriteEndArray();
        json.WriteNumber("area", width * height);
    }

    private static void WriteCategory(Utf8JsonWriter json, CocoCategory category)
    {
        json.WriteStartObject();
        json.WriteNumber("id", category.Id);
        json.WriteString("name", category.Name);
        json.WriteEndObject();
    }
}
