namespace Microsoft.ML.DetClip.Datasets;

/// <summary>One image and one sentence about it. An image with several captions makes several samples.</summary>
public sealed record CaptionSample
{
    /// <summary>The image's number in the annotation file; not unique: see the type.</summary>
    public required long ImageId { get; init; }

    /// <summary>Path of the encoded image. The readers of this project do not open it.</summary>
    public required string ImagePath { get; init; }

    /// <summary>The sentence, without blanks around it.</summary>
    public required string Caption { get; init; }

    /// <summary>Without boxes: noun phrases of the caption. With boxes: the phrase that each box belongs to, as the caption has it.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = [];

    /// <summary>Corners in pixels of the annotated size, one for each of <see cref="Phrases"/>; empty where it is not known what is where.</summary>
    public IReadOnlyList<Box> Boxes { get; init; } = [];

    internal static CaptionSample From(DatasetSample sample) =>
        new() { ImageId = sample.ImageId, ImagePath = sample.ImagePath, Caption = sample.Caption, Phrases = sample.Labels, Boxes = sample.Boxes };
}
