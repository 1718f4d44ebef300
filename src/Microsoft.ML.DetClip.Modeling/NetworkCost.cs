namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What a part of the network costs for one input, and what its parts cost: a tree whose root is the whole network.</summary>
/// <remarks>
/// A multiply-add is one product and one sum; counted are those of convolutions, linear layers, attention and the product of regions and concepts,
/// as papers count them. Norms, activations, softmax, sums and the bilinear sampling of the deformable convolution are not. Activations are the elements of
/// the results of what is counted. Parts of one name within a part are one line, such as all blocks of a stage. Parameters count where they are first used:
/// the head's, which all levels share, at its first level. A part's numbers include its parts' and its own operations'.
/// </remarks>
/// <param name="Part">Name, such as "backbone" or "stage2".</param>
/// <param name="Parameters">Weights that training can change.</param>
/// <param name="MultiplyAdds">Multiply-adds.</param>
/// <param name="Activations">Elements of results.</param>
/// <param name="Parts">Parts in the order in which they run.</param>
public sealed record NetworkCost(string Part, long Parameters, long MultiplyAdds, long Activations, IReadOnlyList<NetworkCost> Parts)
{
    /// <summary>Regions that are kept when nothing else is said; it hardly matters.</summary>
    private const int Regions = 100;

    /// <summary>The cost of detecting in one image, part "detector", and of encoding the concepts' texts once, part "text".</summary>
    /// <param name="config">The network. It is built, on torch's default device; on <c>torch.META</c> that takes no memory.</param>
    /// <param name="height">Pixels; any size.</param>
    /// <param name="width">Pixels; any size.</param>
    /// <param name="concepts">K: names that are looked for.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    /// <exception cref="ArgumentException">The configuration makes no network.</exception>
    public static NetworkCost Of(DetClipConfig config, int height, int width, int concepts)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(concepts);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var ops = new CostOps();
        var network = new DetClipNetwork(config);
        var encoded = network.EncodeText(ops, new(concepts, config.Text.Length));
        network.Detect(ops, new(1, 3, height, width), encoded, Regions);
        return ops.Cost;
    }

    /// <summary>The part at that path below this one, such as <c>["detector", "backbone"]</c>; null where there is none.</summary>
    public NetworkCost? Find(params ReadOnlySpan<string> path)
    {
        var part = this;
        foreach (var name in path) part = part?.Parts.FirstOrDefault(p => p.Part == name);
        return part;
    }
}
