namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What is known of images before a detector looks at them.</summary>
/// <param name="Samples">One for each image.</param>
/// <param name="Categories">As their data set declares them.</param>
internal sealed record ExistingLabels(IReadOnlyList<DatasetSample> Samples, IReadOnlyList<DatasetCategory> Categories)
{
    public static ExistingLabels None { get; } = new([], []);

    /// <summary>Reads a data set to its end.</summary>
    /// <exception cref="InvalidDataException">It has captions, which say where nothing is, or an image twice.</exception>
    public static ExistingLabels Read(DatasetReading reading)
    {
        var samples = reading.ToArray();
        if (samples.FirstOrDefault(s => s.Kind != DatasetSampleKind.Detection) is { } captioned)
            throw new InvalidDataException($"'{captioned.ImagePath}' has a caption; labels can be merged with boxes and categories alone.");
        if (samples.GroupBy(PathOf).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidDataException($"'{twice.Key}' is there {twice.Count()} times; labels can be merged where each image is there once.");
        return new(samples, reading.Categories);
    }

    /// <summary>By full path.</summary>
    public Dictionary<string, DatasetSample> ByPath() => Samples.ToDictionary(PathOf);

    /// <summary>What a sample's image is told by.</summary>
    public static string PathOf(DatasetSample sample) => Path.GetFullPath(sample.ImagePath);

    /// <summary>The categories, and new ones for labels that are not among them, with ids behind the last.</summary>
    public IReadOnlyList<DatasetCategory> CategoriesWith(IReadOnlyList<string> labels)
    {
        // A format without declared categories numbers labels as they come.
        var known = Categories.Count > 0 ? Categories : [.. Samples.SelectMany(s => s.Labels).Distinct().Select((name, i) => new DatasetCategory(i + 1, name))];
        var next = known.Count == 0 ? 1 : known.Max(c => c.Id) + 1;
        return [.. known, .. labels.Except(known.Select(c => c.Name)).Select((name, i) => new DatasetCategory(next + i, name))];
    }
}
