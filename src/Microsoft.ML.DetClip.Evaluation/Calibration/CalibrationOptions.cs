namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Settings of calibration.</summary>
public sealed record CalibrationOptions
{
    /// <summary>The share of a label's detections that shall be right, above 0 to 1: its threshold is the lowest at which they are. Null looks for the best F1 instead.</summary>
    public double? TargetPrecision { get; init; }

    /// <summary>A detection is right where it overlaps an object of its label that much (IoU), 0 to 1; each object once, the best score first.</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>Only detections with a higher score are calibrated, 0 to below 1: most of what a detector gives scores next to nothing, and would drown the rest.</summary>
    public float ScoreFloor { get; init; } = 0.05f;

    /// <summary>Bins of equal width that the calibration error is measured in (Guo et al. 2017 take 15), 1 to 1000.</summary>
    public int Bins { get; init; } = 15;

    /// <summary>Objects that a label must have in the validation set to get a threshold of its own. At least 1.</summary>
    public int LeastObjects { get; init; } = 1;

    /// <summary>The most detections of an image, the best ones. At least 1.</summary>
    public int MaxDetections { get; init; } = 300;

    /// <summary>The columns of the validation set; those of predictions are the detector's.</summary>
    public EvaluationColumns Columns { get; init; } = new();

    /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
    internal CalibrationOptions Checked() => new OptionsCheck()
        .That(TargetPrecision is null or (> 0 and <= 1), TargetPrecision, "above 0, at most 1, or null")
        .Between(IouThreshold, 0, 1).That(ScoreFloor is >= 0 and < 1, ScoreFloor, "0 to below 1").Between(Bins, 1, 1000)
        .AtLeast(1, LeastObjects).AtLeast(1, MaxDetections)
        .ThrowIfAny(this, "options");
}
