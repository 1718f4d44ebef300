namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>A box by its corners, in pixels, in double precision as files hold it.</summary>
/// <param name="X0">Left edge.</param>
/// <param name="Y0">Top edge.</param>
/// <param name="X1">Right edge.</param>
/// <param name="Y1">Bottom edge.</param>
public readonly record struct GroundingBox(double X0, double Y0, double X1, double Y1)
{
    internal static GroundingBox From(double[] corners) => new(corners[0], corners[1], corners[2], corners[3]);
}
