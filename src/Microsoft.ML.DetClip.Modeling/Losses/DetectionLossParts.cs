using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The loss of a batch: what is minimised, and what it is made of. All scalars, [].</summary>
/// <param name="Total">The weighted sum.</param>
/// <param name="Alignment">Focal loss per positive location, not weighted.</param>
/// <param name="Boxes">GIoU loss, not weighted.</param>
/// <param name="Centerness">Centerness loss, not weighted.</param>
/// <param name="Positives">Number of locations that answered for a box.</param>
internal sealed record DetectionLossParts(Tensor Total, Tensor Alignment, Tensor Boxes, Tensor Centerness, long Positives)
{
    /// <summary>Loss of the head's optional outputs for ranking proposals, not weighted; 0 where it has none.</summary>
    public required Tensor Proposals { get; init; }

    /// <summary>Hands all tensors to the surrounding dispose scope.</summary>
    public DetectionLossParts MoveToOuterDisposeScope()
    {
        foreach (var part in new[] { Total, Alignment, Boxes, Centerness, Proposals }) part.MoveToOuterDisposeScope();
        return this;
    }
}
