using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Which locations answer for which ground-truth box. A location answers for one box at most; all others are background.</summary>
/// <param name="Locations">The positive locations, ascending, as indices into the batch's N·L locations (image · L + location): int64 [P].</param>
/// <param name="Boxes">For each of them its box, as an index into the batch's G boxes: int64 [P].</param>
internal sealed record AtssAssignment(Tensor Locations, Tensor Boxes)
{
    /// <summary>P, the number of positive locations.</summary>
    public long Count => Locations.shape[0];
}
