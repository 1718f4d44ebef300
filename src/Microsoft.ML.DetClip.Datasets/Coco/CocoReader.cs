namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads a COCO annotation file in two passes: images and categories, then boxes, which may stand before them in the file.</summary>
internal sealed class CocoReader(string path, string imageFolder, DatasetReadOptions options)
{
    private readonly RecordProblems _problems = new(path, options.OnInvalidRecord);
    private readonly Dictionary<long, CocoCategory> _categories = [];
    private readonly HashSet<long> _annotations = [];
    private int _clippedBoxes;

    public CocoDataset Read()
    {
        var images = new CocoImages(imageFolder, options, _problems);
        CocoSections.Read(path, "detection", _problems, ("images", images.Read), ("categories", ReadCategory));
        CocoSections.Read(path, "detection", _problems, ("annotations", (ref json, index) => ReadAnnotation(ref json, index, images)));
        return new([.. images.All.Select(image => image.ToSample())], [.. _categories.Values], _problems.ToReport(_clippedBoxes));
    }

    private void ReadCategory(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoCategoryRecord.Read(ref json);
        var problem = record.Problem() ?? (_categories.ContainsKey(record.Id!.Value) ? "the id occurs twice" : null);
        if (problem is null) _categories.Add(record.Id!.Value, new((int)record.Id, record.Name!));
        else _problems.Add(CocoSections.Name("categories", index, record.Id), offset, problem);
    }

    private void ReadAnnotation(ref JsonFileReader json, int index, CocoImages images)
    {
        var offset = json.Offset;
        var record = CocoAnnotationRecord.Read(ref json);
        if ((record.Problem() ?? AddBox(record, images)) is { } problem) _problems.Add(CocoSections.Name("annotations", index, record.Id), offset, problem);
    }

    /// <returns>What is wrong; null when the box was added.</returns>
    private string? AddBox(in CocoAnnotationRecord record, CocoImages images)
    {
        if (!images.TryGet(record.ImageId!.Value, out var image, out var problem)) return problem;
        if (!_categories.TryGetValue(record.CategoryId!.Value, out var category)) return $"category_id {record.CategoryId} is not among the categories";
        var box = new Box((float)record.X, (float)record.Y, (float)(record.X + record.Width), (float)(record.Y + record.Height));
        var inside = box.ClipTo(image.Width, image.Height);
        if (inside.Area <= 0) return $"bbox {record.BoxText} (x, y, width, height) lies outside its image of {image.Width} × {image.Height} pixels";
        if (!_annotations.Add(record.Id!.Value)) return "the id occurs twice";
        if (inside != box) _clippedBoxes++;
        image.Add(inside, category.Name, record.IsCrowd);
        return null;
    }
}
