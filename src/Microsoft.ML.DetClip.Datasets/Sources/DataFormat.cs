namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A layout of data sets that <see cref="DataSource"/> reads. A new one is a new entry of <see cref="All"/>.</summary>
/// <param name="Name">What a source begins with.</param>
/// <param name="Path">What stands at its path, in a word.</param>
/// <param name="Gives">What it gives, for help texts.</param>
/// <param name="Settings">What may follow the path.</param>
/// <param name="Read">Reads a source of this format.</param>
internal sealed record DataFormat(string Name, string Path, string Gives, IReadOnlyList<DataSetting> Settings, Func<DataSource, SourceData> Read)
{
    private static readonly DataSetting Images = new("images", "FOLDER", IsRequired: true);
    private static readonly DataSetting Invalid = new("invalid", "skip");

    /// <summary>All formats.</summary>
    public static IReadOnlyList<DataFormat> All { get; } =
    [
        new("coco", "FILE", "boxes with categories", [Images, Invalid], source =>
        {
            var data = CocoDataset.Load(source.Path, source["images"], source.Records);
            return new([.. data.Samples.Select(SourceRow.From)], data.Report);
        }),
        new("coco-captions", "FILE", "image-text pairs", [Images, Invalid], source =>
        {
            var data = CocoCaptions.Load(source.Path, source["images"], source.Records);
            return new([.. data.Samples.Select(SourceRow.From)], data.Report);
        }),
        new("coco-grounding", "FILE", "captions, and a box for each category that they name", [new("instances", "FILE", IsRequired: true), Images, Invalid], source =>
        {
            var data = CocoCaptions.LoadGrounded(source.Path, source["instances"], source["images"], source.Records);
            return new([.. data.Samples.Select(SourceRow.From)], data.Report);
        }),
        new("voc", "FOLDER", "boxes with categories", [new("images", "FOLDER"), new("split", "NAME"), new("base", "0|1"), Invalid], source =>
        {
            var options = new VocReadOptions
            {
                ImageFolder = source.Settings.GetValueOrDefault("images"), Split = source.Settings.GetValueOrDefault("split"),
                OneBased = source.Settings.GetValueOrDefault("base") == "1", Records = source.Records,
            };
            var data = VocDataset.Load(source.Path, options);
            return new([.. data.Samples.Select(SourceRow.From)], data.Report);
        }),
    ];

    /// <summary>Such as "coco:FILE,images=FOLDER[,invalid=skip]".</summary>
    public string Form => $"{Name}:{Path}{string.Concat(Settings.Select(s => s.IsRequired ? $",{s.Name}={s.Value}" : $"[,{s.Name}={s.Value}]"))}";
}

/// <summary>A setting of a format.</summary>
/// <param name="Name">Stands before the equals sign.</param>
/// <param name="Value">What stands behind it, for help texts.</param>
/// <param name="IsRequired">Whether it must be given.</param>
internal sealed record DataSetting(string Name, string Value, bool IsRequired = false);
