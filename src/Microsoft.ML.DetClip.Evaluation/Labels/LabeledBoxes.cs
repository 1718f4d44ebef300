namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What is on an image, in words. The lists have one entry for each object.</summary>
/// <param name="Labels">The name of each object.</param>
/// <param name="Boxes">Corners in pixels of the original image.</param>
/// <param name="IsCrowd">True where the box surrounds a group; null when none does.</param>
public sealed record LabeledBoxes(IReadOnlyList<string> Labels, IReadOnlyList<Box> Boxes, IReadOnlyList<bool>? IsCrowd = null);
