namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What an exported detector says of the images it wants, and how many regions it returns. See <see cref="DetectorManifest"/>.</summary>
internal sealed record ExportOptions
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

    /// <summary>What the detector looks for, for good: the text encoder stays behind. Null for names that are chosen at run time.</summary>
    public IReadOnlyList<Concept>? Frozen { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting, its value and what is allowed.</exception>
    internal ExportOptions Checked() => new OptionsCheck()
        .Positive(ShortSide).That(LongSide >= ShortSide, LongSide, "ShortSide or more").Positive(SizeDivisor)
        .That(PixelMean is { Count: 3 } && PixelMean.All(float.IsFinite), string.Join(", ", PixelMean ?? []), "three numbers", nameof(PixelMean))
        .That(PixelStd is { Count: 3 } && PixelStd.All(s => s > 0 && float.IsFinite(s)), string.Join(", ", PixelStd ?? []), "three positive numbers", nameof(PixelStd))
        .Positive(MaxRegions).Fault(Frozen is null ? null : Frozen.Count == 0 ? "Frozen is empty: name at least one concept" : VocabularyFaults.Of(Frozen, nameof(Frozen)))
        .ThrowIfAny(this);
}
