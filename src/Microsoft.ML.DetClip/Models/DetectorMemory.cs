namespace Microsoft.ML.DetClip;

/// <summary>What the image graph's results take, those that are needed at the same time; counted when the detector was exported, not measured.</summary>
/// <remarks>An image of H×W pixels on the canvas and P phrases takes H·W·(<see cref="BytesPerPixel"/> + P·<see cref="BytesPerPixelAndPhrase"/>) bytes; N images take N times as much.</remarks>
/// <param name="BytesPerPixel">Bytes for each pixel of the canvas, whatever is looked for.</param>
/// <param name="BytesPerPixelAndPhrase">Bytes for each pixel of the canvas and each phrase.</param>
public sealed record DetectorMemory(double BytesPerPixel, double BytesPerPixelAndPhrase)
{
    /// <summary>What is taken of detectors that were exported before it was counted: about that of swin-l, the largest variant.</summary>
    internal static DetectorMemory Unknown { get; } = new(440, 0.09);

    /// <summary>Bytes of one image.</summary>
    /// <param name="pixels">Of the canvas.</param>
    /// <param name="phrases">P.</param>
    internal double Of(long pixels, int phrases) => pixels * (BytesPerPixel + phrases * BytesPerPixelAndPhrase);

    internal bool IsValid => BytesPerPixel > 0 && double.IsFinite(BytesPerPixel) && BytesPerPixelAndPhrase >= 0 && double.IsFinite(BytesPerPixelAndPhrase);
}
