namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Reads a COCO annotation file, or one of a dialect, in two passes: images and categories, then boxes, which may stand before them in the file.</summary>
internal sealed class CocoReader
{
    private readonly ReadLog _log;
    private readonly CocoDialect _dialect;
    private readonly CocoImages _images;
    private readonly BoxIndex _boxes = new();
    private readonly List<DatasetCategory> _categories = [];
    private readonly Dictionary<long, int> _categoryNumbers = []; // id → place in the list
    private readonly IdSet _annotations = new();
    private bool _usesRoot;

    private CocoReader(ReadLog log, CocoDialect dialect)
    {
        (_log, _dialect) = (log, dialect);
        _images = new(log.Options.ImageFolder ?? Path.GetDirectoryName(Path.GetFullPath(log.Path))!, log, dialect);
    }

    /// <summary>A sample for each image, in the order of the file.</summary>
    public static IEnumerable<DatasetSample> Read(ReadLog log, CocoDialect dialect)
    {
        var reader = new CocoReader(log, dialect);
        reader.ReadFile();
        foreach (var image in reader._images.All) yield return reader.SampleOf(image);
    }

    private void ReadFile()
    {
        CocoSections.Read(_log.Path, "detection", _log.Problems, ("images", _images.Read), ("categories", ReadCategory));
        CocoSections.Read(_log.Path, "detection", _log.Problems, ("annotations", ReadAnnotation));
        _log.Categories.AddRange(_dialect.LeavesOutUnusedRoot && !_usesRoot ? _categories.Where(category => category.Id != 0) : _categories);
    }

    private DatasetSample SampleOf(CocoImage image)
    {
        var boxes = _boxes.Of(image.Boxes).ToArray();
        return new()
        {
            ImageId = image.Id, Kind = DatasetSampleKind.Detection, ImagePath = image.File, Width = image.Width, Height = image.Height,
            Boxes = [.. boxes.Select(b => b.Box)], Labels = [.. boxes.Select(b => _categories[b.Label].Name)], IsCrowd = [.. boxes.Select(b => b.IsCrowd)],
            AbsentLabels = NamesOf(image.AbsentCategories), PartialLabels = NamesOf(image.PartialCategories),
        };
    }

    private IReadOnlyList<string> NamesOf(long[]? ids) => ids is null ? [] : [.. ids.Where(_categoryNumbers.ContainsKey).Select(id => _categories[_categoryNumbers[id]].Name)];

    private void ReadCategory(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoCategoryRecord.Read(ref json);
        var problem = record.Problem() ?? (_categoryNumbers.TryAdd(record.Id!.Value, _categories.Count) ? null : "the id occurs twice");
        if (problem is null) _categories.Add(record.ToCategory());
        else _log.Problems.Add(CocoSections.Name("categories", index, record.Id), offset, problem);
    }

    private void ReadAnnotation(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoAnnotationRecord.Read(ref json);
        if ((record.Problem() ?? AddBox(record)) is { } problem) _log.Problems.Add(CocoSections.Name("annotations", index, record.Id), offset, problem);
    }

    /// <returns>What is wrong; null when the box was added.</returns>
    private string? AddBox(in CocoAnnotationRecord record)
    {
        if (!_images.TryGet(record.ImageId!.Value, out var image, out var problem)) return problem;
        if (!_categoryNumbers.TryGetValue(record.CategoryId!.Value, out var category)) return $"category_id {record.CategoryId} is not among the categories";
        if (record.Fit(_log, image, out var box) is { } wrong) return wrong;
        if (!_annotations.Add(record.Id!.Value)) return "the id occurs twice";
        _boxes.Add(ref image.Boxes, box, category, record.IsCrowd);
        _usesRoot |= record.CategoryId == 0;
        return null;
    }
}
