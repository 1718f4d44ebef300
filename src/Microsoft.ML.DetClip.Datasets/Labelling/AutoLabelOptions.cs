namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Settings of labelling by a detector.</summary>
public sealed record AutoLabelOptions
{
    /// <summary>Only detections with a higher score become labels, 0 to 1; null: the lower end of <see cref="Review"/>, or what the detector itself is set to, with the thresholds of calibrated names.</summary>
    public float? ScoreThreshold { get; init; }

    /// <summary>Scores between which detections are marked for a person to look at; null marks none.</summary>
    public ReviewBand? Review { get; init; }

    /// <summary>An existing box of the same label that overlaps a detection more than this (IoU) takes its place, 0 to 1.</summary>
    public double MergeIoU { get; init; } = 0.5;

    /// <summary>Images that are decoded in parallel and looked at together, 1 to 256.</summary>
    public int BatchSize { get; init; } = 8;

    /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
    internal AutoLabelOptions Checked() => new OptionsCheck()
        .That(ScoreThreshold is null or (>= 0 and <= 1), ScoreThreshold, "0 to 1, or null")
        .That(Review is null or { IsValid: true }, Review, "two numbers from 0 to 1, the first below the second, or null")
        .That(ScoreThreshold is null || Review is null || ScoreThreshold >= Review.Value.From, ScoreThreshold, $"the lower end of Review ({Review?.From}) or more")
        .Between(MergeIoU, 0, 1).Between(BatchSize, 1, 256)
        .ThrowIfAny(this, "options");
}
