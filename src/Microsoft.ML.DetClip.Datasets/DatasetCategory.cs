namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A category of a data set.</summary>
/// <param name="Id">Its number; numbers need not be contiguous.</param>
/// <param name="Name">Its name, without blanks around it; two categories may share one.</param>
public sealed record DatasetCategory(int Id, string Name)
{
    /// <summary>What it means; null where the data set does not say.</summary>
    public string? Definition { get; init; }

    /// <summary>Its sense in WordNet, such as "bow.n.04"; null where the data set does not say.</summary>
    public string? Synset { get; init; }

    /// <summary>How often it occurs in LVIS's training set: "r" (rare: 1 to 10 images), "c" (common: to 100), "f" (frequent); null elsewhere.</summary>
    public string? Frequency { get; init; }

    /// <summary>Other names, as LVIS gives them; empty elsewhere.</summary>
    public IReadOnlyList<string> Synonyms { get; init; } = [];
}
