using System.Text.Json;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads a COCO annotation file in two passes: images and categories, then boxes, which may stand before them in the file.</summary>
internal sealed class CocoReader(string path, string imageFolder, DatasetReadOptions options)
{
    private readonly RecordProblems _problems = new(path, options.OnInvalidRecord);
    private readonly Dictionary<long, SampleBuilder> _images = [];
    private readonly HashSet<long> _skippedImages = [];
    private readonly Dictionary<long, CocoCategory> _categories = [];
    private readonly HashSet<long> _annotations = [];
    private int _clippedBoxes;

    private delegate void RecordReader(ref JsonFileReader json, int index);

    public CocoDataset Read()
    {
        ReadSections(("images", ReadImage), ("categories", ReadCategory));
        ReadSections(("annotations", ReadAnnotation));
        return new([.. _images.Values.Select(image => image.ToSample())], [.. _categories.Values], _problems.ToReport(_clippedBoxes));
    }

    private void ReadSections(params (string Name, RecordReader Read)[] sections)
    {
        var json = new JsonFileReader(path);
        try
        {
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject) throw Lacks(sections[0].Name);
            var found = new HashSet<string>();
            while (json.NextProperty() is { } name)
            {
                var section = Array.Find(sections, s => s.Name == name);
                if (section.Read is null || json.TokenType != JsonTokenType.StartArray) json.Skip();
                else if (found.Add(name)) ReadRecords(ref json, section.Name, section.Read);
                else throw new InvalidDataException($"'{path}' {TextPosition.Describe(path, json.Offset)}: a second '{name}'.");
            }
            json.Read(); // refuses what follows the object
            foreach (var (name, _) in sections)
                if (!found.Contains(name)) throw Lacks(name);
        }
        finally
        {
            json.Dispose();
        }
    }

    private void ReadRecords(ref JsonFileReader json, string section, RecordReader read)
    {
        for (var index = 0; json.NextElement(); index++)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                read(ref json, index);
                continue;
            }
            _problems.Add($"{section}[{index}]", json.Offset, "not an object");
            json.Skip();
        }
    }

    private void ReadImage(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoImageRecord.Read(ref json);
        var (problem, file) = (record.Problem(), "");
        if (problem is null)
        {
            file = Path.Combine(imageFolder, record.FileName!.Replace('\\', '/'));
            if (_images.ContainsKey(record.Id!.Value)) problem = "the id occurs twice";
            else if (options.CheckImageFiles && !File.Exists(file)) problem = $"there is no file '{file}'";
        }
        if (problem is null)
        {
            _images.Add(record.Id!.Value, new(record.Id.Value, file, (int)record.Width!, (int)record.Height!));
            return;
        }
        _problems.Add(Name("images", index, record.Id), offset, problem);
        if (record.Id is { } id) _skippedImages.Add(id);
    }

    private void ReadCategory(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoCategoryRecord.Read(ref json);
        var problem = record.Problem() ?? (_categories.ContainsKey(record.Id!.Value) ? "the id occurs twice" : null);
        if (problem is null) _categories.Add(record.Id!.Value, new((int)record.Id, record.Name!));
        else _problems.Add(Name("categories", index, record.Id), offset, problem);
    }

    private void ReadAnnotation(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoAnnotationRecord.Read(ref json);
        if ((record.Problem() ?? AddBox(record)) is { } problem) _problems.Add(Name("annotations", index, record.Id), offset, problem);
    }

    /// <returns>What is wrong; null when the box was added.</returns>
    private string? AddBox(in CocoAnnotationRecord record)
    {
        if (!_images.TryGetValue(record.ImageId!.Value, out var image))
            return _skippedImages.Contains(record.ImageId.Value)
                ? $"its image {record.ImageId} was left out"
                : $"image_id {record.ImageId} is not among the images";
        if (!_categories.TryGetValue(record.CategoryId!.Value, out var category)) return $"category_id {record.CategoryId} is not among the categories";
        var box = new Box((float)record.X, (float)record.Y, (float)(record.X + record.Width), (float)(record.Y + record.Height));
        var inside = box.ClipTo(image.Width, image.Height);
        if (inside.Area <= 0) return $"bbox {record.BoxText} (x, y, width, height) lies outside its image of {image.Width} × {image.Height} pixels";
        if (!_annotations.Add(record.Id!.Value)) return "the id occurs twice";
        if (inside != box) _clippedBoxes++;
        image.Add(inside, category.Name, record.IsCrowd);
        return null;
    }

    private static string Name(string section, int index, long? id) => id is null ? $"{section}[{index}]" : $"{section}[{index}] (id {id})";

    private InvalidDataException Lacks(string section) =>
        new($"'{path}' has no list '{section}': it is not a COCO detection file (captions and results have other layouts).");
}
