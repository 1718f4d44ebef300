using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The regions of each image that may answer for words, best first. N images, k the most regions of an image.</summary>
/// <param name="Locations">Which of the L locations: int64 [N, k].</param>
/// <param name="Valid">False where an image has fewer: bool [N, k]. Such places name location 0 and count for nothing.</param>
/// <param name="Largest">For each image the place, 0 to k − 1, of its largest box, the best of equals: int64 [N].</param>
internal sealed record Proposals(Tensor Locations, Tensor Valid, Tensor Largest)
{
    /// <summary>Rows of [N, L, D] by location, with gradient: [N, k, D].</summary>
    public Tensor Gather(Tensor embeddings) => embeddings.gather(1, Locations.unsqueeze(-1).expand(-1, -1, embeddings.shape[2]));

    /// <summary>Hands all tensors to the surrounding dispose scope.</summary>
    public Proposals MoveToOuterDisposeScope()
    {
        foreach (var part in new[] { Locations, Valid, Largest }) part.MoveToOuterDisposeScope();
        return this;
    }
}
