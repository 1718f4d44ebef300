namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Settings of <see cref="Flickr30kEvaluator"/>; the defaults are the ANY-BOX protocol.</summary>
public sealed record Flickr30kEvaluatorOptions
{
    /// <summary>The least IoU of a box that finds a phrase, 0 to 1.</summary>
    public double IouThreshold { get; init; } = 0.5;

    /// <summary>True for the MERGED-BOX protocol: a phrase with several boxes has instead the one that surrounds them all.</summary>
    public bool MergeBoxes { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    internal Flickr30kEvaluatorOptions Checked() => new OptionsCheck().Between(IouThreshold, 0, 1).ThrowIfAny(this, "options");
}
