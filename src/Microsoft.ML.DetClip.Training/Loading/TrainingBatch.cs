using Microsoft.ML.DetClip.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What one step learns from. It owns its tensors.</summary>
/// <remarks>N images, H×W the largest of them, K concepts of all images, each once (DetCLIPv2, section 3.2), T tokens, G boxes of all images.</remarks>
/// <param name="Images">Names of the images, for messages.</param>
/// <param name="Pixels">Normalised RGB, zero where an image does not reach: float [N, 3, H, W].</param>
/// <param name="Tokens">Token ids of the concepts, int64 [K, T].</param>
/// <param name="Targets">Boxes, and which image and concept each belongs to; none in a batch of pairs.</param>
internal sealed record TrainingBatch(IReadOnlyList<string> Images, Tensor Pixels, Tensor Tokens, DetectionTargets Targets) : IDisposable
{
    /// <summary>The kind of all its images.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>The concepts of <see cref="Tokens"/>: K.</summary>
    public IReadOnlyList<Concept> Concepts { get; init; } = [];

    /// <summary>Pairs only: for each image the rows of <see cref="Tokens"/> that are its text's concepts, the caption first and −1 after the last. Int64 [N, M].</summary>
    public Tensor? Members { get; init; }

    /// <summary>The batch on a device; this one is disposed unless it is there already.</summary>
    public TrainingBatch To(torch.Device device)
    {
        if (Pixels.device_type == device.type) return this;
        using (this)
        {
            using var scope = NewDisposeScope();
            var targets = new DetectionTargets(Targets.Boxes.to(device), Targets.Images.to(device), Targets.Concepts.to(device));
            var moved = this with { Pixels = Pixels.to(device), Tokens = Tokens.to(device), Targets = targets, Members = Members?.to(device) };
            moved.Detach();
            return moved;
        }
    }

    /// <summary>Takes the tensors out of every dispose scope: from here on this batch owns them.</summary>
    public void Detach()
    {
        foreach (var tensor in Tensors) tensor.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors) tensor.Dispose();
    }

    private IEnumerable<Tensor> Tensors => new[] { Pixels, Tokens, Targets.Boxes, Targets.Images, Targets.Concepts, Members }.OfType<Tensor>();
}
