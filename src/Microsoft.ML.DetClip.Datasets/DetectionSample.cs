namespace Microsoft.ML.DetClip.Datasets;

/// <summary>One image and what is known to be on it: the row every reader gives and the training loader takes.</summary>
/// <remarks><see cref="Boxes"/>, <see cref="Labels"/> and <see cref="IsCrowd"/> have one entry for each object, in the same order; all are empty for an
/// image without objects.</remarks>
public sealed record DetectionSample
{
    /// <summary>The image's number in the annotation file; unique in a data set.</summary>
    public required long ImageId { get; init; }

    /// <summary>Path of the encoded image. The readers of this project do not open it.</summary>
    public required string ImagePath { get; init; }

    /// <summary>Width the boxes refer to, in pixels, as annotated.</summary>
    public required int Width { get; init; }

    /// <summary>Height the boxes refer to, in pixels, as annotated.</summary>
    public required int Height { get; init; }

    /// <summary>Corners in pixels of the annotated size; inside the image.</summary>
    public required IReadOnlyList<Box> Boxes { get; init; }

    /// <summary>The name of each box's category.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>True where the box surrounds a group of objects: neither an example to learn from nor one that must be found.</summary>
    public required IReadOnlyList<bool> IsCrowd { get; init; }

    internal static DetectionSample From(DatasetSample sample) => new()
    {
        ImageId = sample.ImageId, ImagePath = sample.ImagePath, Width = sample.Width, Height = sample.Height,
        Boxes = sample.Boxes, Labels = sample.Labels, IsCrowd = sample.IsCrowd,
    };
}
