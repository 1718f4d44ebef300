namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What a reader does with a record that is wrong.</summary>
public enum InvalidRecordHandling
{
    /// <summary>Stops at the first one, with its place in the file and what is wrong with it.</summary>
    Throw,

    /// <summary>Leaves it out, counts it, and keeps the first few messages in <see cref="ReadReport"/>.</summary>
    Skip,
}

/// <summary>Settings of the readers of data sets. A reader passes over those its format has no use for.</summary>
public sealed record DatasetReadOptions
{
    /// <summary>What happens to a record that is wrong: an unknown or doubled id, a box without area or outside its image, an image file that is not
    /// there. A file that is not JSON, or cut off, is refused either way.</summary>
    public InvalidRecordHandling OnInvalidRecord { get; init; } = InvalidRecordHandling.Throw;

    /// <summary>Looks whether each image's file exists. False saves one look-up for each image, which on a network folder takes minutes for a large set;
    /// a missing file then shows when it is opened.</summary>
    public bool CheckImageFiles { get; init; } = true;

    /// <summary>Opens each image's header and compares its size with the annotated one; a difference makes the record wrong. Costs one opened file for each image.</summary>
    public bool CheckImageSizes { get; init; }

    /// <summary>Folder that image names start from; null is where the format keeps them: see each format. For formats that hold images (WebDataset,
    /// Parquet), the folder to unpack them to; null leaves them in memory, one sample at a time.</summary>
    public string? ImageFolder { get; init; }

    /// <summary>Only the images of this part, such as "train", where the format knows parts (Pascal VOC, YOLO, Flickr30k Entities); null reads all.</summary>
    public string? Split { get; init; }

    /// <summary>Pascal VOC: boxes count pixels from 1 and include the last one, as PASCAL's own do. Most other sets in this layout count from 0: the default.</summary>
    public bool OneBased { get; init; }

    /// <summary>A file of category names, for ODVG (label_map.json) and YOLO (data.yaml, or a name in each line); null looks beside the data.</summary>
    public string? LabelFile { get; init; }

    /// <summary>A COCO detection file of the same images, for captions whose words shall be grounded in its boxes.</summary>
    public string? InstancesFile { get; init; }

    /// <summary>The most bytes that one record may have: a JSON value, a line, an XML file, an image in an archive. Larger ones are refused before they take memory.</summary>
    public int MaxRecordBytes { get; init; } = 64 << 20;

    /// <summary>Finds the phrases of captions of image-text pairs, which become <see cref="DatasetSample.Labels"/>; null leaves them empty.</summary>
    public NounPhraseExtractor? NounPhrases { get; init; }
}
