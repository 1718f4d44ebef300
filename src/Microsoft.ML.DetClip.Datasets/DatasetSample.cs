namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What a sample teaches, and so how training takes it.</summary>
public enum DatasetSampleKind
{
    /// <summary>Boxes with categories.</summary>
    Detection,

    /// <summary>A caption, and boxes for phrases of it.</summary>
    Grounding,

    /// <summary>An image and a sentence; what is where is not known.</summary>
    Pairs,
}

/// <summary>One image and what its data set says about it, whichever format it is in. An image with several captions makes several samples.</summary>
/// <remarks><see cref="Boxes"/>, <see cref="Labels"/> and <see cref="IsCrowd"/> have one entry for each object, in the same order; of pairs there are labels only, the noun phrases of the caption, if any.</remarks>
public sealed record DatasetSample
{
    /// <summary>The image's number in the data set, or a running number from 1 where the format has none.</summary>
    public required long ImageId { get; init; }

    /// <summary>What the sample teaches.</summary>
    public required DatasetSampleKind Kind { get; init; }

    /// <summary>Path of the encoded image; for one inside an archive, the archive's path, an exclamation mark and the name inside; its URL where it was never downloaded.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The encoded image, where the data set itself holds it; else empty.</summary>
    public ReadOnlyMemory<byte> ImageBytes { get; init; }

    /// <summary>Width the boxes refer to, in pixels; 0 where it is not known, which is so only without boxes.</summary>
    public int Width { get; init; }

    /// <summary>Height the boxes refer to, in pixels; 0 where it is not known, which is so only without boxes.</summary>
    public int Height { get; init; }

    /// <summary>A sentence about the image; empty where there is none.</summary>
    public string Caption { get; init; } = "";

    /// <summary>Corners in pixels of the annotated size; inside the image.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];

    /// <summary>The category of each box, or the words of the caption that name it.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>True where the box surrounds a group of objects: neither an example to learn from nor one that must be found.</summary>
    public IReadOnlyList<bool> IsCrowd { get; init; } = [];

    /// <summary>How sure a detector was of each box, 0 to 1, and 1 for what a person drew; empty where no detector was asked.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>True where a person shall look at the box before it is believed; empty where none is to be looked at.</summary>
    public IReadOnlyList<bool> NeedsReview { get; init; } = [];

    /// <summary>Whether a person shall look at a box, by its number.</summary>
    internal bool IsForReview(int box) => NeedsReview.Count > 0 && NeedsReview[box];

    /// <summary>Categories known not to be on the image (LVIS: neg_category_ids).</summary>
    public IReadOnlyList<string> AbsentLabels { get; init; } = [];

    /// <summary>Categories of which not every object is boxed (LVIS: not_exhaustive_category_ids).</summary>
    public IReadOnlyList<string> PartialLabels { get; init; } = [];
}
