using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Text encoder of CLIP's shape (Radford et al. 2021, section 2.4): token ids of a sentence become one vector.</summary>
/// <remarks>Parameter names are those of the original code, so that its weights load by name. K texts, T tokens, C channels, D embedding width.</remarks>
internal sealed class TextEncoder : Layer
{
    private readonly TextEncoderConfig _config;
    private readonly Embedding _tokens;
    private readonly LayerWeight _positions;
    private readonly TextTransformer _transformer;
    private readonly LayerNorm _norm;
    private readonly LayerWeight _projection;

    public TextEncoder(TextEncoderConfig config, int embeddingWidth) : base(nameof(TextEncoder))
    {
        _config = config;
        _tokens = Part("token_embedding", nn.Embedding(config.Vocabulary, config.Width));
        using (no_grad()) nn.init.normal_(_tokens.weight!, 0, 0.02);
        _positions = Weight("positional_embedding", Initial.Normal(0.01, config.Length, config.Width));
        _transformer = Part("transformer", new TextTransformer(config));
        _norm = Part("ln_final", nn.LayerNorm(config.Width));
        _projection = Weight("text_projection", Initial.Normal(1 / Math.Sqrt(config.Width), config.Width, embeddingWidth));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="tokens">int64 [K, T], zeros after the end mark.</param>
    /// <returns>[K, D]</returns>
    public T Forward<T>(Ops<T> ops, T tokens)
    {
        using var part = ops.Enter("text");
        var x = ops.Add(ops.Embed(tokens, _tokens), ops.Weight(_positions.Value)); // [K, T, C]
        x = ops.LayerNorm(_transformer.Forward(ops, x), _norm);
        x = ops.PoolText(x, tokens, _config.Pooling);                         // [K, C]
        return part.Leave(ops.Project(x, _projection.Value));                 // [K, D]
    }
}

/// <summary>The encoder's blocks, under the name that CLIP's checkpoints give them.</summary>
internal sealed class TextTransformer : Layer
{
    private readonly TextBlock[] _blocks;

    public TextTransformer(TextEncoderConfig config) : base(nameof(TextTransformer)) =>
        _blocks = Parts("resblocks", Enumerable.Range(0, config.Layers).Select(_ => new TextBlock(config)));

    /// <returns>[K, T, C], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x) => _blocks.Aggregate(x, (value, block) => ops.Recomputed(value, input => block.Forward(ops, input)));
}
