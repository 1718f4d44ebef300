namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Where labelling stands after an image.</summary>
/// <param name="Done">Images looked at, skipped ones included.</param>
/// <param name="Total">Images in all.</param>
/// <param name="Found">Boxes found so far, those that existing boxes cover left out.</param>
/// <param name="ForReview">Those of them that are marked for review.</param>
/// <param name="Skipped">Images that could not be read so far.</param>
public readonly record struct AutoLabelProgress(int Done, int Total, int Found, int ForReview, int Skipped);
