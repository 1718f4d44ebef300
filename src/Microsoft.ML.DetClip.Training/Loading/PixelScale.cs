namespace Microsoft.ML.DetClip.Training;

/// <summary>The scale of pixels: the one that exported detectors are told to use.</summary>
internal static class PixelScale
{
    private static readonly DetectorManifest Defaults = new() { Variant = "", EmbeddingWidth = 1, TextLength = 1, TextEncoderHash = "" };

    /// <summary>Mean of R, G, B on a scale of 0 to 255.</summary>
    public static float[] Mean { get; } = [.. Defaults.PixelMean];

    /// <summary>Standard deviation of R, G, B on a scale of 0 to 255.</summary>
    public static float[] Std { get; } = [.. Defaults.PixelStd];
}
