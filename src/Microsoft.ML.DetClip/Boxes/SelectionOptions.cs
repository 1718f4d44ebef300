namespace Microsoft.ML.DetClip;

/// <summary>Which of the R·K scored (region, concept) pairs become detections.</summary>
/// <remarks>Score and IoU thresholds are those of ATSS (Zhang et al. 2020), the limit is LVIS's; the DetCLIPv2 paper states none.</remarks>
public sealed record SelectionOptions
{
    /// <summary>Only scores above this count; nothing is hidden below another floor.</summary>
    public float ScoreThreshold { get; init; } = 0.05f;

    /// <summary>Of two boxes of one concept whose IoU is above this, the one with the lower score is dropped; 1 keeps all.</summary>
    public double IouThreshold { get; init; } = 0.6;

    /// <summary>The most detections of an image.</summary>
    public int MaxDetections { get; init; } = 300;

    /// <summary>Lets boxes drop boxes of other concepts too: one name for each place.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>Throws when a setting is out of range; the message names every such setting.</summary>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public void Check()
    {
        List<string> problems = [];
        if (float.IsNaN(ScoreThreshold)) problems.Add($"{nameof(ScoreThreshold)} is {ScoreThreshold}; it must be a number");
        if (!(IouThreshold is >= 0 and <= 1)) problems.Add($"{nameof(IouThreshold)} is {IouThreshold}; allowed are 0 to 1");
        if (MaxDetections < 1) problems.Add($"{nameof(MaxDetections)} is {MaxDetections}; at least 1 is needed");
        if (problems.Count > 0) throw new ArgumentException(string.Join("; ", problems) + ".");
    }
}
