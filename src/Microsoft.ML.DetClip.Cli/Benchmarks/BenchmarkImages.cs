using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Cli.Benchmarks;

/// <summary>The images of a data set and what to look for on them.</summary>
internal sealed class BenchmarkImages
{
    private readonly IReadOnlyList<DatasetSample> _samples;
    private readonly IReadOnlyList<DatasetCategory> _categories;
    private readonly ILookup<string, int> _ids; // categories that share a name share its detections

    private BenchmarkImages(IReadOnlyList<DatasetSample> samples, IReadOnlyList<DatasetCategory> categories)
    {
        (_samples, _categories) = (samples, categories);
        _ids = categories.ToLookup(category => category.Name, category => category.Id, StringComparer.OrdinalIgnoreCase);
        Names = [.. _ids.Select(group => group.Key)];
    }

    /// <summary>Number of images.</summary>
    public int Count => _samples.Count;

    /// <summary>What to look for: the names of all categories, each once.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Reads a data set; no image is opened.</summary>
    /// <exception cref="CommandException">There are no images, or they have no boxes with categories.</exception>
    public static BenchmarkImages Read(DataSource source, Terminal terminal)
    {
        var reading = source.Open();
        var samples = reading.ToArray();
        if (samples.Length == 0) throw new CommandException($"There are no images in {source}.", "Name another data set.");
        if (samples.FirstOrDefault(sample => sample.Kind != DatasetSampleKind.Detection) is { } other)
            throw new CommandException($"'{other.ImagePath}' in {source} has no boxes with categories.", "Measure on a detection data set.");
        if (reading.Report.SkippedRecords > 0) terminal.Warn($"{reading.Report.SkippedRecords} records were left out, such as {reading.Report.Problems[0]}.");
        return new(samples, reading.Categories.Count > 0 ? reading.Categories : CategoriesOf(samples));
    }

    /// <summary>Rows for a detector.</summary>
    public IEnumerable<BenchmarkRow> Rows(int start, int count) => _samples.Skip(start).Take(count).Select(sample => new BenchmarkRow { ImageId = sample.ImageId, Image = sample.ImagePath });

    /// <summary>Detections as records of a results file.</summary>
    public IEnumerable<DetectionResult> Results(long imageId, DetectionList detections) =>
        from detection in detections
        from category in _ids[detection.Label]
        select DetectionResult.FromBox(imageId, category, detection.Box, detection.Score);

    /// <summary>The truth, for formats without an evaluator's own file; an object's size is the area of its box.</summary>
    public DetectionGroundTruth ToGroundTruth() => new()
    {
        ImageIds = [.. _samples.Select(sample => sample.ImageId)],
        Categories = [.. _categories.Select(category => new GroundTruthCategory(category.Id, category.Name))],
        Boxes = [.. _samples.SelectMany(Objects).Select((box, i) => box with { Id = i + 1 })],
    };

    private IEnumerable<GroundTruthBox> Objects(DatasetSample sample) => sample.Boxes.Select((box, i) =>
    {
        var (width, height) = ((double)box.X1 - box.X0, (double)box.Y1 - box.Y0);
        return new GroundTruthBox(0, sample.ImageId, _ids[sample.Labels[i]].First(), box.X0, box.Y0, width, height, width * height, sample.IsCrowd[i]);
    });

    private static DatasetCategory[] CategoriesOf(IEnumerable<DatasetSample> samples) =>
        [.. samples.SelectMany(sample => sample.Labels).Distinct(StringComparer.OrdinalIgnoreCase).Select((name, i) => new DatasetCategory(i + 1, name))];
}

/// <summary>A row that a detector reads.</summary>
internal sealed class BenchmarkRow
{
    public long ImageId { get; set; }

    public string Image { get; set; } = "";
}

/// <summary>A row that a detector gives.</summary>
internal sealed class BenchmarkFinding
{
    public long ImageId { get; set; }

    [Detections]
    public DetectionList Detections { get; set; } = DetectionList.Empty;
}
