namespace Microsoft.ML.DetClip;

/// <summary>One object found in an image.</summary>
/// <param name="Label">Name of the concept it shows.</param>
/// <param name="Score">Probability that it shows the concept, 0 to 1.</param>
/// <param name="Box">Where it is, in pixels of the original image.</param>
public sealed record Detection(string Label, float Score, Box Box);
