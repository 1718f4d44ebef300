namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What an exported detector says of the images it wants, and how many regions it returns. See <see cref="DetectorManifest"/>.</summary>
public sealed record ExportOptions
{
    /// <summary>See <see cref="DetectorManifest.ShortSide"/>; in pixels.</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>See <see cref="DetectorManifest.LongSide"/>; in pixels.</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>See <see cref="DetectorManifest.SizeDivisor"/>; in pixels.</summary>
    public int SizeDivisor { get; init; } = 32;

    /// <summary>See <see cref="DetectorManifest.PixelMean"/>.</summary>
    public IReadOnlyList<float> PixelMean { get; init; } = [123.675f, 116.28f, 103.53f];

    /// <summary>See <see cref="DetectorManifest.PixelStd"/>.</summary>
    public IReadOnlyList<float> PixelStd { get; init; } = [58.395f, 57.12f, 57.375f];

    /// <summary>The most regions of an image that the graph returns, unless its caller names another number.</summary>
    public int MaxRegions { get; init; } = 1000;

    /// <summary>Throws when a setting makes no sense, naming every such setting, its value and what is allowed.</summary>
    /// <exception cref="ArgumentException">At least one setting is out of its range.</exception>
    internal ExportOptions Checked()
    {
        var all = string.Join("; ", Errors());
        return all.Length == 0 ? this : throw new ArgumentException($"A detector cannot be exported like this: {all}.");
    }

    private IEnumerable<string> Errors()
    {
        if (ShortSide < 1) yield return $"ShortSide is {ShortSide}; it must be positive";
        if (LongSide < ShortSide) yield return $"LongSide is {LongSide}; it must be no less than ShortSide, {ShortSide}";
        if (SizeDivisor < 1) yield return $"SizeDivisor is {SizeDivisor}; it must be positive";
        if (PixelMean.Count != 3 || !PixelMean.All(float.IsFinite)) yield return $"PixelMean is [{string.Join(", ", PixelMean)}]; allowed: three finite numbers";
        if (PixelStd.Count != 3 || !PixelStd.All(s => float.IsFinite(s) && s > 0)) yield return $"PixelStd is [{string.Join(", ", PixelStd)}]; allowed: three positive numbers";
        if (MaxRegions < 1) yield return $"MaxRegions is {MaxRegions}; it must be positive";
    }
}
