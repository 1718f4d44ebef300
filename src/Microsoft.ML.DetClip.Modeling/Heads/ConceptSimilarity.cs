using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The classifier: how region and sentence embeddings become comparable, and their product a logit. See <see cref="SimilarityConfig"/>.</summary>
/// <remarks>
/// A concept's logit depends on no other concept: this is what lets users choose any names at run time.
/// Scale and concept bias are folded into the embeddings, so that a stored pair of embeddings needs only a product and the bias.
/// </remarks>
internal sealed class ConceptSimilarity : Layer
{
    private readonly SimilarityConfig _config;
    private readonly BatchNorm1d? _regionNorm;
    private readonly Linear? _textProjection;
    private readonly LayerWeight? _logScale;
    private readonly LayerWeight? _bias;
    private readonly LayerWeight? _conceptBias;

    public ConceptSimilarity(SimilarityConfig config, int width) : base(nameof(ConceptSimilarity))
    {
        _config = config;
        if (config.Regions == RegionNorm.Batch) _regionNorm = Part("region_norm", Initial.BatchNorm(width));
        if (config.Texts == TextNorm.UnitHalvedProjected) _textProjection = Part("text_projection", nn.Linear(width, width));
        if (config.Scale == LogitScale.Learned) _logScale = Weight("log_scale", full(1, Number(Math.Log(config.InitialScale))));
        if (config.Bias == LogitBias.Learned) _bias = Weight("bias", full(1, Number(config.InitialBias)));
        if (config.ConceptBias) _conceptBias = Weight("concept_bias", zeros(width, 1));
    }

    /// <summary>Width of the embeddings after this layer, for a width before it: a concept bias takes one more place.</summary>
    public static int OutputWidth(SimilarityConfig config, int width) => config.ConceptBias ? width + 1 : width;

    /// <summary>[B, L, D] → [B, L, D'], scale included.</summary>
    public T Regions<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("regions");
        x = _config.Regions switch
        {
            RegionNorm.Unit => ops.Normalize(x),
            RegionNorm.Batch => ops.BatchNorm(x, _regionNorm!),
            _ => x,
        };
        x = _config.Scale switch
        {
            LogitScale.Fixed => ops.Multiply(x, _config.InitialScale),
            LogitScale.Learned => ops.Multiply(x, ops.Exp(ops.Weight(_logScale!.Value))),
            _ => x,
        };
        return part.Leave(_conceptBias is null ? x : ops.AppendOne(x));
    }

    /// <summary>Sentence embeddings [K, D] → concept embeddings [K, D'].</summary>
    public T Concepts<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("concepts");
        if (_config.Texts != TextNorm.None) x = ops.Normalize(x);
        var concepts = _textProjection is null ? x : ops.Linear(ops.Multiply(x, 0.5), _textProjection);
        return part.Leave(_conceptBias is null ? concepts : ops.ConcatLast(concepts, ops.Project(x, _conceptBias.Value)));
    }

    /// <summary>What <see cref="Logits"/> does, for losses that compute it block by block.</summary>
    public LogitFunction AsFunction() =>
        new(_bias?.Value, _config.Bias == LogitBias.Fixed ? _config.InitialBias : 0, _config.Clamp);

    /// <summary>[B, L, D'] and [K, D'] → logits [B, L, K].</summary>
    public T Logits<T>(Ops<T> ops, T regions, T concepts)
    {
        using var part = ops.Enter("logits");
        return part.Leave(FromProducts(ops, ops.Similarities(regions, concepts)));
    }

    /// <summary>[B, L, D'] and [K, D'] → the logit of each region's nearest concept, [B, L].</summary>
    public T BestLogits<T>(Ops<T> ops, T regions, T concepts)
    {
        using var part = ops.Enter("logits");
        return part.Leave(FromProducts(ops, ops.GreatestSimilarity(regions, concepts))); // what follows the product keeps the order
    }

    private T FromProducts<T>(Ops<T> ops, T x)
    {
        x = _config.Bias switch
        {
            LogitBias.Fixed => ops.Add(x, _config.InitialBias),
            LogitBias.Learned => ops.Add(x, ops.Weight(_bias!.Value)),
            _ => x,
        };
        return _config.Clamp > 0 ? ops.Clamp(x, _config.Clamp) : x;
    }
}
