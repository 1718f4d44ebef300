using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Focal loss between every region and every concept of the batch, from their embeddings. DetCLIPv2, section 3.2.</summary>
/// <remarks>
/// R regions of all images, K concepts, P positives. A batch may have tens of thousands of each (12,800 concepts of grounding data meet 90,000 regions),
/// so that all R·K logits, and what their gradient needs, would not fit into memory: they are made for some regions at a time.
/// </remarks>
internal sealed record AlignmentLoss
{
    /// <summary>The loss of a pair.</summary>
    public FocalLoss Focal { get; init; } = new();

    /// <summary>Most logits that exist at one time, at least K; about a dozen tensors of this size are held.</summary>
    public long BlockElements { get; init; } = 1 << 22;

    /// <summary>What <see cref="FocalLoss.PerPositive"/> says of the logits of all regions and concepts.</summary>
    /// <param name="regions">Embeddings, float [R, D].</param>
    /// <param name="concepts">Embeddings, float [K, D].</param>
    /// <param name="logits">What makes logits of them.</param>
    /// <param name="positives">Regions that show a concept, int64 [P].</param>
    /// <param name="shown">The concept that each of them shows, int64 [P].</param>
    /// <returns>The sum divided by P, or by 1 when P is 0. Scalar, [].</returns>
    public Tensor PerPositive(Tensor regions, Tensor concepts, LogitFunction logits, Tensor positives, Tensor shown)
    {
        using var scope = NewDisposeScope();
        (regions, concepts) = (regions.AtLeastFloat32(), concepts.AtLeastFloat32());
        var rows = Math.Max(1, BlockElements / Math.Max(1, concepts.shape[0]));
        var sum = rows >= regions.shape[0]
            ? Focal.Sum(logits.Compute(regions, concepts), positives, shown)
            : InBlocks(regions, concepts, logits, positives, shown, rows);
        return (sum / Number(Math.Max(1, positives.shape[0]))).MoveToOuterDisposeScope();
    }

    private Tensor InBlocks(Tensor regions, Tensor concepts, LogitFunction logits, Tensor positives, Tensor shown, long rows)
    {
        Tensor[] shared = logits.Bias is { } bias ? [concepts, bias] : [concepts];
        return BlockwiseSum.Compute(regions, shared, rows, (block, start, whole) =>
        {
            var inside = positives.ge(Number(start)).logical_and(positives.lt(Number(start + block.shape[0])));                 // [P]
            var ofBlock = (logits with { Bias = whole.ElementAtOrDefault(1) }).Compute(block, whole[0]);        // [rows, K]
            return Focal.Sum(ofBlock, positives[inside] - Number(start), shown[inside]);
        });
    }
}
