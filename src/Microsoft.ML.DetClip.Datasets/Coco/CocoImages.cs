using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An image of a COCO file.</summary>
internal sealed class CocoImage
{
    public required long Id { get; init; }

    public required string File { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>GoldG's: the sentence that the boxes belong to; else null.</summary>
    public string? Caption { get; init; }

    /// <summary>LVIS's; null elsewhere.</summary>
    public long[]? AbsentCategories { get; init; }

    /// <summary>LVIS's; null elsewhere.</summary>
    public long[]? PartialCategories { get; init; }

    /// <summary>The image's boxes in the index.</summary>
    public BoxIndex.Chain Boxes;
}

/// <summary>The images of a COCO file by their ids.</summary>
internal sealed class CocoImages(string imageFolder, ReadLog log, CocoDialect dialect)
{
    private readonly ImageFiles _files = new(imageFolder, log.Options);
    private readonly Dictionary<long, CocoImage> _images = [];
    private readonly HashSet<long> _skipped = [];

    /// <summary>All images, in the order of the file.</summary>
    public IEnumerable<CocoImage> All => _images.Values;

    /// <summary>Reads a record of "images".</summary>
    public void Read(ref JsonFileReader json, int index)
    {
        var offset = json.Offset;
        var record = CocoImageRecord.Read(ref json, dialect.TakesTextAsNumber);
        record.FileName = dialect.FileName(record);
        if ((record.Problem() ?? Add(record)) is not { } problem) return;
        log.Problems.Add(CocoSections.Name("images", index, record.Id), offset, problem);
        if (record.Id is { } id) _skipped.Add(id);
    }

    /// <summary>Finds an image, or why there is none.</summary>
    public bool TryGet(long id, [NotNullWhen(true)] out CocoImage? image, [NotNullWhen(false)] out string? problem)
    {
        problem = _images.TryGetValue(id, out image) ? null : _skipped.Contains(id) ? $"its image {id} was left out" : $"image_id {id} is not among the images";
        return problem is null;
    }

    /// <returns>What is wrong; null when the image was added.</returns>
    private string? Add(in CocoImageRecord record)
    {
        var (id, width, height) = (record.Id!.Value, (int)record.Width!, (int)record.Height!);
        if (_images.ContainsKey(id)) return "the id occurs twice";
        if ((Find(record.FileName!, out var file) ?? _files.CheckSize(file, width, height)) is { } problem) return problem;
        _images.Add(id, new()
        {
            Id = id, File = file, Width = width, Height = height, Caption = record.Caption, AbsentCategories = record.Absent, PartialCategories = record.Partial,
        });
        return null;
    }

    private string? Find(string name, out string file)
    {
        var problem = _files.Find(name, out file);
        if (problem is null) return null;
        foreach (var other in dialect.OtherFileNames(name))
            if (_files.Find(other, out var found) is null)
            {
                file = found;
                return null;
            }
        return problem;
    }
}
