using System.ComponentModel.DataAnnotations;

namespace WebDetector;

/// <summary>Section "Detector" of appsettings.json, or <c>--Detector:MaxNames 100</c> on the command line.</summary>
public sealed record WebDetectorOptions
{
    /// <summary>A detector as ML.NET saved it, or an exported one: folder or zip.</summary>
    [Required]
    public string Model { get; init; } = "";

    /// <summary>Detections below this are never sent; the page's slider begins here.</summary>
    [Range(0, 1)]
    public float ScoreThreshold { get; init; } = 0.05f;

    /// <summary>The largest image file.</summary>
    [Range(1, 1 << 30)]
    public int MaxPictureBytes { get; init; } = 10 << 20;

    /// <summary>The most pixels of an image, which is a small file's way to be large.</summary>
    [Range(1, 200_000_000)]
    public int MaxPicturePixels { get; init; } = 25_000_000;

    /// <summary>The most names in one question.</summary>
    [Range(1, 10_000)]
    public int MaxNames { get; init; } = 50;

    /// <summary>The longest name, in characters.</summary>
    [Range(1, 1000)]
    public int MaxNameLength { get; init; } = 80;

    /// <summary>Pictures that the network looks at together; others wait for their turn.</summary>
    [Range(1, 64)]
    public int PicturesAtATime { get; init; } = 2;

    /// <summary>A request that takes longer, waiting included, is given up.</summary>
    [Range(1, 600)]
    public int SecondsPerRequest { get; init; } = 15;

    /// <summary>Requests of one client that are answered in the long run.</summary>
    [Range(1, 10_000)]
    public int RequestsPerSecond { get; init; } = 10;

    /// <summary>Requests of one client that are answered in a burst.</summary>
    [Range(1, 10_000)]
    public int RequestsAtOnce { get; init; } = 40;

    /// <summary>Memory for pictures that may be asked about again; the oldest make room.</summary>
    [Range(1, long.MaxValue)]
    public long KeptBytes { get; init; } = 256L << 20;

    /// <summary>A picture that nobody asks about for this long is forgotten.</summary>
    [Range(1, 1440)]
    public int KeptMinutes { get; init; } = 10;
}
