using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Sigmoid focal loss: cross entropy that pays little attention to what is already right. Lin et al. 2017, eq. 5.</summary>
/// <param name="Alpha">Weight of positives; negatives weigh 1 − α. Null weighs both 1.</param>
/// <param name="Gamma">How strongly easy pairs are played down; 0 is plain cross entropy.</param>
internal sealed record FocalLoss(double? Alpha = 0.25, double Gamma = 2)
{
    /// <summary>The loss of each pair, not reduced.</summary>
    /// <param name="logits">Similarity of region and concept, float [...].</param>
    /// <param name="targets">1 where the region shows the concept, else 0; float [...].</param>
    /// <returns>Float [...], each 0 or more.</returns>
    public Tensor PerPair(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var crossEntropy = logits.Softplus() - logits * targets;       // −log p_t
        var mistake = (logits.sigmoid() - targets).abs();                           // 1 − p_t
        var loss = crossEntropy * (Gamma == 2 ? mistake.Squared() : mistake.pow(Number(Gamma)));
        if (Alpha is { } alpha) loss = loss * (targets * Number(2 * alpha - 1)).Plus(1 - alpha);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The loss over all pairs of regions and concepts, where only a few regions show anything.</summary>
    /// <param name="logits">Similarity of each region and concept, float [R, K].</param>
    /// <param name="regions">Regions that show a concept, int64 [P].</param>
    /// <param name="concepts">The concept that each of them shows, int64 [P].</param>
    /// <returns>The sum divided by P, or by 1 when P is 0: an image without objects still teaches what is not there. Scalar, [].</returns>
    public Tensor PerPositive(Tensor logits, Tensor regions, Tensor concepts)
    {
        using var scope = NewDisposeScope();
        return (Sum(logits, regions, concepts) / Number(Math.Max(1, regions.shape[0]))).MoveToOuterDisposeScope();
    }

    /// <summary>The sum over all pairs, not divided; parameters as those of <see cref="PerPositive"/>.</summary>
    public Tensor Sum(Tensor logits, Tensor regions, Tensor concepts)
    {
        using var scope = NewDisposeScope();
        var targets = zeros_like(logits).index_put_(ones(1, device: logits.device, dtype: logits.dtype), regions, concepts); // [R, K]
        return PerPair(logits, targets).sum().MoveToOuterDisposeScope();
    }
}
