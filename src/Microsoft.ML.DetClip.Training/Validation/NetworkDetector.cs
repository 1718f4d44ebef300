using System.Runtime.InteropServices;
using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Looks for fixed concepts with a network as it stands, without exporting it: for validation during training. It owns the encoded concepts.</summary>
internal sealed class NetworkDetector : IDisposable
{
    private readonly DetClipNetwork _network;
    private readonly IReadOnlyList<Concept> _concepts;
    private readonly Augmentation _size;
    private readonly Tensor _encoded; // [K, D]

    /// <param name="network">Put into evaluation mode.</param>
    /// <param name="tokens">Token ids of concepts.</param>
    /// <param name="concepts">K concepts to look for.</param>
    /// <param name="shortSide">See <see cref="Letterbox.Fit"/>, in pixels.</param>
    /// <param name="longSide">See <see cref="Letterbox.Fit"/>, in pixels.</param>
    /// <param name="offsets">Offsets of the embeddings of concepts that were fine-tuned so; null for none.</param>
    public NetworkDetector(DetClipNetwork network, SentenceTokens tokens, IReadOnlyList<Concept> concepts, int shortSide, int longSide, EmbeddingOffsets? offsets = null)
    {
        (_network, _concepts, _size) = (network, concepts, new(shortSide, shortSide, longSide, FlipProbability: 0));
        network.eval();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var rows = tensor(tokens.Of(concepts)).view(concepts.Count, -1).to(network.Device);
        var encoded = network.EncodeText(TorchOps.Inference, rows);
        _encoded = (offsets?.AddTo(encoded, concepts) ?? encoded).DetachFromDisposeScope();
    }

    /// <summary>Settings of what counts as a detection.</summary>
    public SelectionOptions Selection { get; init; } = new();

    /// <summary>The most regions of an image whose scores are looked at.</summary>
    public int MaxRegions { get; init; } = 1000;

    /// <summary>What is found in an image, best first, in pixels of the original.</summary>
    public IReadOnlyList<Detection> Detect(ImageSource source)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var image = source.Decode();
        var (fit, _) = _size.Draw(image.Width, image.Height, new Random(0));
        var pixels = empty(1, 3, fit.CanvasHeight, fit.CanvasWidth);
        PixelNormalizer.Write(image, fit, PixelScale.Mean, PixelScale.Std, MemoryMarshal.Cast<byte, float>(pixels.bytes));
        var regions = _network.Detect(TorchOps.Inference, pixels.to(_network.Device), _encoded, MaxRegions);
        var boxes = MemoryMarshal.Cast<float, Box>(Values(regions.Boxes)).ToArray().Select(fit.ToSource).ToArray();
        return [.. NonMaximumSuppression.Select(boxes, Values(regions.Scores), Selection)
            .Select(kept => new Detection(_concepts[kept.Concept].Name, kept.Score, boxes[kept.Region]))];
    }

    /// <inheritdoc/>
    public void Dispose() => _encoded.Dispose();

    private static ReadOnlySpan<float> Values(Tensor x) => x.cpu().contiguous().data<float>().ToArray();
}
