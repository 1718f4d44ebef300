namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Settings of <see cref="LvisEvaluator"/>; the defaults give LVIS's official numbers, <see cref="FixedAP"/> those of fixed AP.</summary>
public sealed record LvisEvaluatorOptions
{
    /// <summary>Fixed AP: no limit for each image, and the best 10,000 detections of each category over all images. Dave et al. 2021, "Evaluating Large-Vocabulary
    /// Object Detectors: The Devil is in the Details".</summary>
    public static LvisEvaluatorOptions FixedAP { get; } = new() { MaxDetectionsPerImage = null, MaxDetectionsPerCategory = 10_000 };

    /// <summary>The most detections of an image that count, over all categories; null for all. Of equal scores, the earlier are kept.</summary>
    public int? MaxDetectionsPerImage { get; init; } = 300;

    /// <summary>The most detections of a category that count, over all images; null for all. Of equal scores, the earlier are kept.</summary>
    public int? MaxDetectionsPerCategory { get; init; }

    /// <summary>True to measure <see cref="LvisMetrics.Pooled"/> as well.</summary>
    public bool Pooled { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    internal LvisEvaluatorOptions Checked() => new OptionsCheck()
        .That(MaxDetectionsPerImage is not < 1, MaxDetectionsPerImage, "1 or more, or null")
        .That(MaxDetectionsPerCategory is not < 1, MaxDetectionsPerCategory, "1 or more, or null")
        .ThrowIfAny(this, "options");
}
