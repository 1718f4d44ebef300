namespace Microsoft.ML.DetClip;

/// <summary>How images become detections.</summary>
/// <param name="Selection">Which scored regions become detections; its sizes are in pixels of the image.</param>
/// <param name="MaxRegions">The most regions of a view.</param>
/// <param name="Tiles">Null to look at whole images only.</param>
/// <param name="BatchSize">The most views of one call of the graph; 0 for as many as memory has room for.</param>
internal sealed record DetectionPlan(SelectionOptions Selection, int MaxRegions, TileOptions? Tiles, int BatchSize);
