using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What the detector says of an image batch, best region first.</summary>
/// <param name="Boxes">[B, R, 4], corners in pixels of the input, not clipped.</param>
/// <param name="Scores">[B, R, K], 0 to 1.</param>
/// <param name="Embeddings">[B, R, D].</param>
/// <param name="Locations">int64 [B, R]: which of the L locations.</param>
/// <param name="Qualities">[B, R], 0 to 1: what the regions' probabilities are multiplied by, whatever the concept.</param>
internal sealed record RegionOutput<T>(T Boxes, T Scores, T Embeddings, T Locations, T Qualities);

/// <summary>DetCLIPv2 (Yao et al. 2023): an ATSS detector over a Swin backbone whose classifier is the product with encoded concepts. Image and text meet nowhere else.</summary>
internal sealed class DetClipNetwork : Layer
{
    private readonly SwinTransformer _backbone;
    private readonly FeaturePyramid _neck;
    private readonly AtssHead _head;
    private readonly TextEncoder _text;
    private readonly ConceptSimilarity _similarity;

    /// <exception cref="ArgumentException">The configuration makes no network; the message names every bad setting.</exception>
    public DetClipNetwork(DetClipConfig config) : base(nameof(DetClipNetwork))
    {
        using var scope = NewDisposeScope(); // frees what initialisation leaves; the weights belong to the network alone
        Config = config.Checked();
        _backbone = Part("backbone", new SwinTransformer(config.Backbone));
        _neck = Part("neck", new FeaturePyramid(SwinTransformer.OutputChannels(config.Backbone), config.Head.Channels));
        _head = Part("head", new AtssHead(config.Head, config.EmbeddingWidth));
        _text = Part("text", new TextEncoder(config.Text, config.EmbeddingWidth));
        _similarity = Part("similarity", new ConceptSimilarity(config.Similarity, config.EmbeddingWidth));
        foreach (var weight in parameters().Concat(buffers())) weight.DetachFromDisposeScope();
    }

    /// <summary>Sizes and choices.</summary>
    public DetClipConfig Config { get; }

    /// <summary>Where its weights are: inputs must be there too.</summary>
    public Device Device => parameters().First().device;

    /// <summary>The image encoder alone, for classifiers of the same backbone and for import.</summary>
    internal SwinTransformer Backbone => _backbone;

    /// <summary>The text encoder alone.</summary>
    internal TextEncoder TextEncoder => _text;

    /// <summary>A network with random weights, the same for the same seed.</summary>
    public static DetClipNetwork Create(DetClipConfig config, long seed)
    {
        random.manual_seed(seed);
        return new DetClipNetwork(config);
    }

    /// <summary>Token ids int64 [K, T] → concept embeddings [K, D].</summary>
    public T EncodeText<T>(Ops<T> ops, T tokens) => _similarity.Concepts(ops, _text.Forward(ops, tokens));

    /// <summary>Normalised pixels [B, 3, H, W] → everything of every location; what training works on. Embeddings are ready for <see cref="Logits"/>.</summary>
    public HeadOutput<T> Locations<T>(Ops<T> ops, T pixels)
    {
        var output = _head.Forward(ops, _neck.Forward(ops, _backbone.Forward(ops, pixels)));
        return output with { Embeddings = _similarity.Regions(ops, output.Embeddings) };
    }

    /// <summary>[B, L, D] and [K, D] → logits [B, L, K].</summary>
    public T Logits<T>(Ops<T> ops, T embeddings, T concepts) => _similarity.Logits(ops, embeddings, concepts);

    /// <summary>What <see cref="Logits"/> does, for losses that compute it block by block.</summary>
    public LogitFunction LogitFunction() => _similarity.AsFunction();

    /// <summary>How a program without the network scores stored regions, with the weights of now.</summary>
    public RegionScoring Scoring() => new()
    {
        Bias = LogitFunction().Constant(), Clamp = (float)Config.Similarity.Clamp,
        GeometricMean = Config.Head.ScoreFusion == ScoreFusion.GeometricMean, ConceptBias = Config.Similarity.ConceptBias,
    };

    /// <summary>Normalised pixels [B, 3, H, W] and concepts [K, D] → the best regions.</summary>
    public RegionOutput<T> Detect<T>(Ops<T> ops, T pixels, T concepts, int maxRegions)
    {
        using var part = ops.Enter("detector");
        var regions = Best(ops, Locations(ops, pixels), concepts, maxRegions);
        var result = part.Leave([regions.Boxes, regions.Scores, regions.Embeddings, regions.Locations, regions.Qualities]);
        return new(result[0], result[1], result[2], result[3], result[4]);
    }

    /// <summary>Everything of every location and concepts [K, D] → the best regions. It opens no part: it belongs to its caller's.</summary>
    public RegionOutput<T> Best<T>(Ops<T> ops, HeadOutput<T> all, T concepts, int maxRegions)
    {
        var best = ops.Sigmoid(_similarity.BestLogits(ops, all.Embeddings, concepts));                  // [B, L]
        var quality = ops.Sigmoid(all.Centerness);                                                     // [B, L]
        var locations = ops.TopRegions(ops.Multiply(best, quality), maxRegions);                       // [B, R]
        var boxes = ops.GatherRegions(ops.DecodeBoxes(all.Anchors, all.Deltas), locations);            // [B, R, 4]
        var embeddings = ops.GatherRegions(all.Embeddings, locations);                                 // [B, R, D]
        var qualities = ops.GatherRegions(ops.AddLast(quality), locations);                            // [B, R, 1]
        var scores = ops.Multiply(ops.Sigmoid(Logits(ops, embeddings, concepts)), qualities);          // [B, R, K]
        if (Config.Head.ScoreFusion == ScoreFusion.GeometricMean) scores = ops.Sqrt(scores);
        return new(boxes, scores, embeddings, locations, ops.DropLast(qualities));
    }
}
