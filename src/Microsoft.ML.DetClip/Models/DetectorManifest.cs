namespace Microsoft.ML.DetClip;

/// <summary>What a program must know to run an exported detector: <see cref="DetectorContract.ManifestFile"/> holds it as JSON.</summary>
public sealed record DetectorManifest
{
    /// <summary>See <see cref="DetectorContract.FormatVersion"/>.</summary>
    public int FormatVersion { get; init; } = DetectorContract.FormatVersion;

    /// <summary>The network's variant, such as "swin-t"; for people, not for programs.</summary>
    public required string Variant { get; init; }

    /// <summary>D: the width of concept and region embeddings.</summary>
    public required int EmbeddingWidth { get; init; }

    /// <summary>T: tokens of a text, start and end mark included. Longer texts are cut, with a warning.</summary>
    public required int TextLength { get; init; }

    /// <summary>SHA-256, in hexadecimal, of the text graph and tokenizer: embeddings of another text encoder do not fit this detector.</summary>
    public required string TextEncoderHash { get; init; }

    /// <summary>Images are resized, keeping their shape, until the short side is this or the long side is <see cref="LongSide"/>, in pixels.</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>See <see cref="ShortSide"/>; in pixels.</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>Resized images are padded at the right and bottom to a multiple of this, in pixels.</summary>
    public int SizeDivisor { get; init; } = 32;

    /// <summary>Mean of R, G, B on a scale of 0 to 255; a padded pixel is 0 after normalisation.</summary>
    public IReadOnlyList<float> PixelMean { get; init; } = [123.675f, 116.28f, 103.53f];

    /// <summary>Standard deviation of R, G, B on a scale of 0 to 255.</summary>
    public IReadOnlyList<float> PixelStd { get; init; } = [58.395f, 57.12f, 57.375f];
}
