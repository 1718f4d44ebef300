namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>How often a category occurs in LVIS's training images.</summary>
public enum LvisFrequency
{
    /// <summary>In at most ten images ("r").</summary>
    Rare,

    /// <summary>In eleven to a hundred images ("c").</summary>
    Common,

    /// <summary>In more than a hundred images ("f").</summary>
    Frequent,
}
