namespace Microsoft.ML.DetClip;

/// <summary>Which of the R·K scored (region, concept) pairs become detections.</summary>
/// <remarks>Score and IoU thresholds are those of ATSS (Zhang et al. 2020), the limit is LVIS's; the DetCLIPv2 paper states none.</remarks>
public sealed record SelectionOptions
{
    /// <summary>Only scores above this count; nothing is hidden below another floor.</summary>
    public float ScoreThreshold { get; init; } = 0.05f;

    /// <summary>Of two boxes of one scope whose IoU is above this, the one with the lower score is dropped, or weakened; 1 keeps all. 0 to 1.</summary>
    public double IouThreshold { get; init; } = 0.6;

    /// <summary>The most detections of an image.</summary>
    public int MaxDetections { get; init; } = 300;

    /// <summary>What is done to a box that overlaps a better one.</summary>
    public NmsKind Kind { get; init; }

    /// <summary>Which boxes suppress one another.</summary>
    public NmsScope Scope { get; init; }

    /// <summary>σ of <see cref="NmsKind.SoftGaussian"/>; Bodla et al. use 0.5. Above 0.</summary>
    public double SoftSigma { get; init; } = 0.5;

    /// <summary>Boxes with a side below this, in the boxes' own unit, are dropped before any suppression; 0 drops none.</summary>
    public float MinSize { get; init; }

    /// <summary>What a score is multiplied by for the overlap with one better box.</summary>
    internal float Decay(float iou) => Kind == NmsKind.SoftGaussian ? MathF.Exp(-iou * iou / (float)SoftSigma) : iou > IouThreshold ? 1 - iou : 1;

    /// <summary>Whether a box is large enough to count.</summary>
    internal bool Fits(Box box) => MinSize == 0 || (box.Width >= MinSize && box.Height >= MinSize);

    /// <summary>Throws when a setting is out of range; the message names every such setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public void Check()
    {
        List<string> problems = [];
        if (float.IsNaN(ScoreThreshold)) problems.Add($"{nameof(ScoreThreshold)} is {ScoreThreshold}; it must be a number");
        if (!(IouThreshold is >= 0 and <= 1)) problems.Add($"{nameof(IouThreshold)} is {IouThreshold}; allowed are 0 to 1");
        if (MaxDetections < 1) problems.Add($"{nameof(MaxDetections)} is {MaxDetections}; at least 1 is needed");
        if (!Enum.IsDefined(Kind)) problems.Add($"{nameof(Kind)} is {Kind}; allowed are {string.Join(", ", Enum.GetNames<NmsKind>())}");
        if (!Enum.IsDefined(Scope)) problems.Add($"{nameof(Scope)} is {Scope}; allowed are {string.Join(", ", Enum.GetNames<NmsScope>())}");
        if (!(SoftSigma > 0)) problems.Add($"{nameof(SoftSigma)} is {SoftSigma}; it must be above 0");
        if (!(MinSize >= 0)) problems.Add($"{nameof(MinSize)} is {MinSize}; it must not be negative");
        if (problems.Count > 0) throw new ArgumentException(string.Join("; ", problems) + ".");
    }
}
