namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A data set about to be written: samples of images, each once, and a category for each label.</summary>
internal sealed record WriteJob(string Path, IReadOnlyList<DatasetSample> Samples, IReadOnlyList<DatasetCategory> Categories, DatasetWriteOptions Options)
{
    /// <summary>The place of each label among the categories; of two with one name, the first.</summary>
    public IReadOnlyDictionary<string, int> Numbers { get; } =
        Categories.Index().DistinctBy(c => c.Item.Name).ToDictionary(c => c.Item.Name, c => c.Index);

    /// <summary>The name of a sample's image, as files shall have it.</summary>
    public string NameOf(DatasetSample sample)
    {
        if (Options.ImageFolder is { } folder && RelativePath.Clean(System.IO.Path.GetRelativePath(folder, sample.ImagePath)) is { } relative) return relative;
        return BareNameOf(sample);
    }

    /// <summary>The name of a sample's image without folders.</summary>
    public static string BareNameOf(DatasetSample sample) => sample.ImagePath.Replace('\\', '/').Split('/')[^1];

    /// <summary>Names for a file beside each image's; unique.</summary>
    /// <exception cref="InvalidDataException">Two images differ in their endings or folders only.</exception>
    public IReadOnlyList<(DatasetSample Sample, string Stem)> Stems(Func<DatasetSample, string> nameOf)
    {
        var stems = Samples.Select(sample => (Sample: sample, Stem: System.IO.Path.ChangeExtension(nameOf(sample), null))).ToArray();
        if (stems.GroupBy(s => s.Stem).FirstOrDefault(group => group.Count() > 1) is { } twins)
            throw new InvalidDataException($"'{twins.First().Sample.ImagePath}' and '{twins.Last().Sample.ImagePath}' would both be annotated in a file '{twins.Key}'; the format needs names of their own.");
        return stems;
    }
}
