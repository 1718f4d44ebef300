using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The loss of a batch of image-text pairs. All scalars, [].</summary>
/// <param name="Total">Weighted: what is minimised.</param>
/// <param name="Contrast">The contrastive loss, not weighted; ln B where nothing is known yet, B being the pairs.</param>
/// <param name="Accuracy">Share of the searches whose right answer has the highest score, 0 to 1; no gradient.</param>
internal sealed record WordRegionLossParts(Tensor Total, Tensor Contrast, Tensor Accuracy)
{
    /// <summary>Hands all tensors to the surrounding dispose scope.</summary>
    public WordRegionLossParts MoveToOuterDisposeScope()
    {
        foreach (var part in new[] { Total, Contrast, Accuracy }) part.MoveToOuterDisposeScope();
        return this;
    }
}
