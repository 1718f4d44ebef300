namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What a reader changed or left out.</summary>
public sealed record ReadReport
{
    /// <summary>Records left out because something was wrong with them; an image's boxes count for themselves.</summary>
    public required int SkippedRecords { get; init; }

    /// <summary>Boxes that reached over the image's border and were cut there.</summary>
    public required int ClippedBoxes { get; init; }

    /// <summary>Where and why, for the first twenty records left out.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>What this and another reader left out.</summary>
    internal ReadReport Plus(ReadReport other) => new()
    {
        SkippedRecords = SkippedRecords + other.SkippedRecords, ClippedBoxes = ClippedBoxes + other.ClippedBoxes, Problems = [.. Problems, .. other.Problems],
    };
}
