namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>One detected object: a record of a COCO results file.</summary>
/// <param name="ImageId">The image it is on.</param>
/// <param name="CategoryId">What the detector takes it for.</param>
/// <param name="X">Left edge, in pixels of the original image.</param>
/// <param name="Y">Top edge, in pixels.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Score">The higher, the surer; only the order counts.</param>
public readonly record struct DetectionResult(long ImageId, int CategoryId, double X, double Y, double Width, double Height, double Score)
{
    /// <summary>A detection from its corners.</summary>
    public static DetectionResult FromBox(long imageId, int categoryId, Box box, double score) =>
        new(imageId, categoryId, box.X0, box.Y0, (double)box.X1 - box.X0, (double)box.Y1 - box.Y0, score);
}
