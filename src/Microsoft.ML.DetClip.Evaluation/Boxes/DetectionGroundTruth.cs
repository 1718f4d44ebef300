namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What is on the images of a data set: the truth that detections are measured against.</summary>
public sealed record DetectionGroundTruth
{
    /// <summary>Every image that was looked at, those without objects included: a detection there is a false one.</summary>
    public required IReadOnlyList<long> ImageIds { get; init; }

    /// <summary>Every category that was annotated.</summary>
    public required IReadOnlyList<GroundTruthCategory> Categories { get; init; }

    /// <summary>The objects. As in the official code, one of an image or category not listed above is never looked at.</summary>
    public required IReadOnlyList<GroundTruthBox> Boxes { get; init; }
}
