using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What the network says about every location of a batch of images. N images, L locations over all levels, level after level.</summary>
/// <param name="Embeddings">Float [N, L, D].</param>
/// <param name="Deltas">Box deltas to read with <see cref="DeltaBoxCoder"/>, float [N, L, 4].</param>
/// <param name="Centerness">Logits, float [N, L].</param>
/// <param name="Anchors">Corners in pixels, the same for all images: float [L, 4].</param>
/// <param name="LocationsPerLevel">Locations of each level; they sum to L.</param>
internal sealed record RegionOutput(Tensor Embeddings, Tensor Deltas, Tensor Centerness, Tensor Anchors, IReadOnlyList<int> LocationsPerLevel);
