namespace Microsoft.ML.DetClip;

/// <summary>How a region embedding r, a concept embedding t and the region's quality q make a score: p · q, with p = sigmoid(clamp(r · t + bias)).</summary>
/// <remarks>Scale and norms of the network are in the embeddings already. No score is above q, or above √q with <see cref="GeometricMean"/>, whatever the concept.</remarks>
public sealed record RegionScoring
{
    /// <summary>What is added to the product.</summary>
    public float Bias { get; init; }

    /// <summary>Logits are cut to ± this; 0 leaves them alone.</summary>
    public float Clamp { get; init; }

    /// <summary>The score is √(p · q), as the code of ATSS has it, instead of p · q.</summary>
    public bool GeometricMean { get; init; }

    /// <summary>The last number of a region embedding is a constant 1, and that of a concept embedding its own bias: both are no part of what is shown.</summary>
    public bool ConceptBias { get; init; }

    /// <summary>The greatest score that any concept can have in a region of this quality.</summary>
    internal float Bound(float quality) => GeometricMean ? MathF.Sqrt(quality) : quality;

    /// <summary>The score of a product r · t.</summary>
    internal float Score(float product, float quality)
    {
        var logit = product + Bias;
        if (Clamp > 0) logit = Math.Clamp(logit, -Clamp, Clamp);
        var score = quality / (1 + MathF.Exp(-logit));
        return GeometricMean ? MathF.Sqrt(score) : score;
    }
}
