namespace Microsoft.ML.DetClip.Datasets;

/// <summary>How a data set differs from COCO's own detection files.</summary>
internal sealed record CocoDialect
{
    /// <summary>COCO's own.</summary>
    public static readonly CocoDialect Coco = new();

    /// <summary>Objects365 v1 and v2 (Shao et al. 2019). v2's file names begin with folders of its servers ("images/v1/patch8/…"): the last two parts are those of its archives.</summary>
    public static readonly CocoDialect Objects365 = new() { FileName = image => image.FileName is { } name && name.Contains("/patch", StringComparison.Ordinal) ? LastTwoParts(name) : image.FileName };

    /// <summary>LVIS v0.5 and v1 (Gupta et al. 2019). v1 has no file names; images of its validation set lie in train2017 and val2017, as coco_url says.</summary>
    /// <remarks>v0.5 names files as COCO did in 2014 ("COCO_val2014_000000011813.jpg"); many have them under the names of 2017, or one folder alone.</remarks>
    public static readonly CocoDialect Lvis = new()
    {
        FileName = image => image.FileName ?? (image.CocoUrl is { } url ? LastTwoParts(url) : null),
        OtherFileNames = name => [name[(name.LastIndexOfAny(['/', '_']) + 1)..]],
    };

    /// <summary>Roboflow's export: category 0 is the name of the project, and no box has it.</summary>
    public static readonly CocoDialect Roboflow = new() { LeavesOutUnusedRoot = true };

    /// <summary>The image's file, relative to the image folder; null where the record does not say.</summary>
    public Func<CocoImageRecord, string?> FileName { get; init; } = image => image.FileName;

    /// <summary>Names to try where there is no file of that name.</summary>
    public Func<string, IReadOnlyList<string>> OtherFileNames { get; init; } = _ => [];

    /// <summary>Whether a category of id 0 without boxes is none.</summary>
    public bool LeavesOutUnusedRoot { get; init; }

    /// <summary>Whether a width of "640" is one of 640.</summary>
    public bool TakesTextAsNumber { get; init; }

    private static string LastTwoParts(string path) => string.Join('/', path.Split('/').TakeLast(2));
}
