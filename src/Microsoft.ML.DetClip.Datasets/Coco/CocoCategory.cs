namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A category of a COCO file.</summary>
/// <param name="Id">Its number; numbers need not be contiguous (COCO's 80 lie in 1 to 90).</param>
/// <param name="Name">Its name, without blanks around it; two categories may share one.</param>
public sealed record CocoCategory(int Id, string Name);
