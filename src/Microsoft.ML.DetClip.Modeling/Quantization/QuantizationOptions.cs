namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How a graph is brought to 8-bit integers.</summary>
internal sealed record QuantizationOptions
{
    /// <summary>Share of a value's numbers that may lie beyond its range at either end, in all calibration images together.</summary>
    public double Clipped { get; init; } = 1e-5;

    /// <summary>
    /// Kinds of layers whose rounding changes what the graph says by more than this stay in floats, the worst first, until all that are rounded together stay below it:
    /// root of the sum of squares of the relative change of embeddings and of the change of boxes relative to their size.
    /// </summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>Values whose numbers are gathered in one run; it bounds memory.</summary>
    public int ValuesAtOnce { get; init; } = 40;

    /// <summary>Threads of ONNX Runtime; 0 for one on each core.</summary>
    public int Threads { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting, its value and what is allowed.</exception>
    internal QuantizationOptions Checked() => new OptionsCheck()
        .Between(Clipped, 0, 0.1).Positive(Tolerance).Positive(ValuesAtOnce).AtLeast(0, Threads)
        .ThrowIfAny(this);
}

/// <summary>An image as the graph reads it.</summary>
/// <param name="Pixels">[1, 3, H, W], normalised.</param>
/// <param name="Height">H.</param>
/// <param name="Width">W.</param>
internal sealed record CalibrationImage(float[] Pixels, int Height, int Width)
{
    /// <summary>Reads image files as a detector would.</summary>
    /// <exception cref="ImageDecodingException">A file is no image.</exception>
    public static IEnumerable<CalibrationImage> Read(IEnumerable<string> paths, DetectorManifest manifest) => paths.Select(path =>
    {
        using var image = ImageDecoder.FromFile(path);
        var plan = manifest.Fit(image.Width, image.Height);
        var pixels = new float[3 * plan.CanvasHeight * plan.CanvasWidth];
        PixelNormalizer.Write(image, plan, [.. manifest.PixelMean], [.. manifest.PixelStd], pixels);
        return new CalibrationImage(pixels, plan.CanvasHeight, plan.CanvasWidth);
    });
}
