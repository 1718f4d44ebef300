namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What a detector found on an image, in words. The lists have one entry for each detection.</summary>
/// <param name="Labels">The name given to each detection.</param>
/// <param name="Boxes">Corners in pixels of the original image.</param>
/// <param name="Scores">The higher, the surer.</param>
public sealed record ScoredBoxes(IReadOnlyList<string> Labels, IReadOnlyList<Box> Boxes, IReadOnlyList<float> Scores);
