namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What is on LVIS's images.</summary>
public sealed record LvisGroundTruth
{
    /// <summary>Every image that was looked at, those without objects included.</summary>
    public required IReadOnlyList<LvisImage> Images { get; init; }

    /// <summary>Every category.</summary>
    public required IReadOnlyList<LvisCategory> Categories { get; init; }

    /// <summary>The objects. As in the official code, one without area or of an image or category not listed above is never looked at.</summary>
    public required IReadOnlyList<GroundTruthBox> Boxes { get; init; }
}
