namespace Microsoft.ML.DetClip;

/// <summary>What non-maximum suppression does to a box that overlaps a better one.</summary>
public enum NmsKind
{
    /// <summary>Drops it when their IoU is above the threshold.</summary>
    Hard,

    /// <summary>Multiplies its score by 1 − IoU when their IoU is above the threshold: linear Soft-NMS (Bodla et al. 2017, section 3).</summary>
    SoftLinear,

    /// <summary>Multiplies its score by exp(−IoU² / σ): Gaussian Soft-NMS (Bodla et al. 2017, section 3). The IoU threshold plays no part.</summary>
    SoftGaussian,
}
