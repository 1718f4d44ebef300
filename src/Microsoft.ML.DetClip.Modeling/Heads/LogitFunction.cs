using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How prepared embeddings become logits: clamp(region · concept + bias). <see cref="ConceptSimilarity"/> as a value.</summary>
/// <param name="Bias">A learned bias, [1]; null for none.</param>
/// <param name="Offset">A fixed bias.</param>
/// <param name="Clamp">Logits are cut to ± this; 0 leaves them alone.</param>
internal sealed record LogitFunction(Tensor? Bias = null, double Offset = 0, double Clamp = 0)
{
    /// <summary>All that is added to a product, as a number.</summary>
    public float Constant() => (float)Offset + (Bias?.cpu().to(ScalarType.Float32).item<float>() ?? 0);

    /// <summary>[..., D] and [K, D] → [..., K].</summary>
    public Tensor Compute(Tensor regions, Tensor concepts)
    {
        using var scope = NewDisposeScope();
        var logits = regions.matmul(concepts.t());
        if (Bias is not null) logits = logits.Plus(Bias);
        if (Offset != 0) logits = logits.Plus(Offset);
        if (Clamp > 0) logits = logits.clamp(Number(-Clamp), Number(Clamp));
        return logits.MoveToOuterDisposeScope();
    }
}
