using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What a batch shows: the boxes of all its images, one after another. G boxes, which may be none.</summary>
/// <param name="Boxes">Corners in pixels of the network's input, float [G, 4].</param>
/// <param name="Images">The image of each box, as its index in the batch: int64 [G].</param>
/// <param name="Concepts">The concept of each box, as a row of the batch's concepts: int64 [G].</param>
internal sealed record DetectionTargets(Tensor Boxes, Tensor Images, Tensor Concepts);
