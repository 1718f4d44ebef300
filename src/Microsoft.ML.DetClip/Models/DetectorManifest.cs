using System.Text.Json;
using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip;

/// <summary>What a program must know to run an exported detector: <see cref="DetectorContract.ManifestFile"/> holds it as JSON.</summary>
public sealed record DetectorManifest
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, IgnoreReadOnlyProperties = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

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

    /// <summary>How stored regions are scored without the image graph; null in detectors that were exported before there was such a thing.</summary>
    public RegionScoring? Scoring { get; init; }

    /// <summary>What running the image graph takes; null in detectors that were exported before it was counted.</summary>
    public DetectorMemory? Memory { get; init; }

    /// <summary>What the detector looks for, when its vocabulary was frozen at export: it has no text graph then, and finds nothing else. Null when names are chosen at run time.</summary>
    public IReadOnlyList<Concept>? Frozen { get; init; }

    /// <summary>Reads a manifest from JSON in UTF-8.</summary>
    /// <exception cref="InvalidDataException">Not JSON, a property is missing or has a value that makes no sense, or the format is newer than <see cref="DetectorContract.FormatVersion"/>.</exception>
    public static DetectorManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            CheckVersion(json);
            return JsonSerializer.Deserialize<DetectorManifest>(json, Json)!.Checked();
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"{DetectorContract.ManifestFile} is not a detector's manifest: {e.Message}", e);
        }
    }

    /// <summary>The manifest as JSON in UTF-8.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <summary>Placing of an image of the given size, in pixels, on this detector's canvas.</summary>
    internal Letterbox Fit(int width, int height) => Letterbox.Fit(width, height, ShortSide, LongSide, SizeDivisor);

    /// <exception cref="ArgumentException">Names every bad value.</exception>
    internal DetectorManifest Checked() => new OptionsCheck()
        .That(FormatVersion is >= 1 and <= DetectorContract.FormatVersion, FormatVersion, $"1 to {DetectorContract.FormatVersion}")
        .Positive(EmbeddingWidth)
        .That(TextLength >= 3, TextLength, "3 or more")
        .NotBlank(TextEncoderHash)
        .That(Frozen is null || (Frozen.Count > 0 && Frozen.All(c => !string.IsNullOrWhiteSpace(c?.Name))), Frozen?.Count, "null, or one or more names", nameof(Frozen))
        .Positive(ShortSide).That(LongSide >= ShortSide, LongSide, "ShortSide or more").Positive(SizeDivisor)
        .That(PixelMean is { Count: 3 } mean && mean.All(float.IsFinite), string.Join(", ", PixelMean ?? []), "three numbers", nameof(PixelMean))
        .That(PixelStd is { Count: 3 } std && std.All(s => s > 0 && float.IsFinite(s)), string.Join(", ", PixelStd ?? []), "three positive numbers", nameof(PixelStd))
        .That(Scoring is null || (float.IsFinite(Scoring.Bias) && Scoring.Clamp >= 0), Scoring, "a finite bias, and a clamp that is not negative")
        .That(Memory is null || Memory.IsValid, Memory, "null, or finite numbers that are not negative")
        .ThrowIfAny(this);

    // The version comes first: a newer manifest may lack what this version requires.
    private static void CheckVersion(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        if (!document.RootElement.TryGetProperty("formatVersion", out var version) || version.GetInt32() <= DetectorContract.FormatVersion) return;
        throw new InvalidDataException($"The detector has format {version}; this version of Microsoft.ML.DetClip reads formats up to {DetectorContract.FormatVersion}. Update the package.");
    }
}
