using System.Diagnostics.CodeAnalysis;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The images of a COCO file by their ids.</summary>
internal sealed class CocoImages(string imageFolder, DatasetReadOptions options, RecordProblems problems)
{
    private readonly Dictionary<long, SampleBuilder> _images = [];
    private readonly HashSet<long> _skipped = [];

    /// <summary>All images, in the order of the file.</summary>
    public IEnumerable<SampleBuilder> All => _images.Values;

    /// <summary>Reads a record of "images".</summary>
    public void Read(ref JsonFileReader json, int index)
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
        problems.Add(CocoSections.Name("images", index, record.Id), offset, problem);
        if (record.Id is { } id) _skipped.Add(id);
    }

    /// <summary>Finds an image, or why there is none.</summary>
    public bool TryGet(long id, [NotNullWhen(true)] out SampleBuilder? image, [NotNullWhen(false)] out string? problem)
    {
        problem = _images.TryGetValue(id, out image) ? null : _skipped.Contains(id) ? $"its image {id} was left out" : $"image_id {id} is not among the images";
        return problem is null;
    }
}
