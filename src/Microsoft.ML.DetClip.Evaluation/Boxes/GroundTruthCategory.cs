namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A category of the data set.</summary>
/// <param name="Id">Its number; numbers need not be contiguous (COCO's 80 lie in 1 to 90).</param>
/// <param name="Name">Its name, for tables.</param>
public sealed record GroundTruthCategory(int Id, string Name);
