namespace Microsoft.ML.DetClip.Datasets;

/// <summary>How a data set in PASCAL VOC's layout is read.</summary>
public sealed record VocReadOptions
{
    /// <summary>Folder of the images; null is "JPEGImages" beside the annotations, or "images", or the folder itself, whichever is there first.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>Only the images listed in "ImageSets/Main/{Split}.txt", such as "train"; null reads every annotation.</summary>
    public string? Split { get; init; }

    /// <summary>Boxes count pixels from 1 and include the last one, as PASCAL's own do. Most other sets in this layout count from 0: the default.</summary>
    public bool OneBased { get; init; }

    /// <summary>What happens to records that are wrong.</summary>
    public DatasetReadOptions Records { get; init; } = new();
}
