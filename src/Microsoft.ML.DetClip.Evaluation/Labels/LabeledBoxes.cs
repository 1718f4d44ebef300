namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What is on an image, in words. The lists have one entry for each object.</summary>
/// <param name="Labels">The name of each object.</param>
/// <param name="Boxes">Corners in pixels of the original image.</param>
/// <param name="IsCrowd">True where the box surrounds a group; null when none does.</param>
public sealed record LabeledBoxes(IReadOnlyList<string> Labels, IReadOnlyList<Box> Boxes, IReadOnlyList<bool>? IsCrowd = null)
{
    /// <summary>The size of each object, in square pixels, which decides small, medium, large; null for the area of its box.</summary>
    public IReadOnlyList<double>? Areas { get; init; }

    /// <summary>For LVIS: labels known to be absent; see <see cref="LvisImage"/>.</summary>
    public IReadOnlyList<string> AbsentLabels { get; init; } = [];

    /// <summary>For LVIS: labels of which not every object is annotated; see <see cref="LvisImage"/>.</summary>
    public IReadOnlyList<string> PartlyAnnotatedLabels { get; init; } = [];
}
