namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Constants of the delta coding that all readings share: deltas are offsets in anchor sides and logarithms of size ratios, over these deviations.</summary>
/// <remarks>mmdetection's DeltaXYWHBBoxCoder as its ATSS configuration sets it.</remarks>
internal static class BoxCoding
{
    /// <summary>Deviation of the centre's deltas.</summary>
    public const double CentreStd = 0.1;

    /// <summary>Deviation of the size's deltas.</summary>
    public const double SizeStd = 0.2;

    /// <summary>Greatest logarithm of a size ratio: ln(1000 / 16), so that no exponential overflows.</summary>
    public static readonly double MaxLogRatio = Math.Log(1000.0 / 16);
}
