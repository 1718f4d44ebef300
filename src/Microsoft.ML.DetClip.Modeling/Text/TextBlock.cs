using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Causal attention, then an MLP, each pre-normed with a residual.</summary>
internal sealed class TextBlock : Layer
{
    private readonly LayerNorm _attentionNorm;
    private readonly TextAttention _attention;
    private readonly LayerNorm _mlpNorm;
    private readonly TextMlp _mlp;

    public TextBlock(TextEncoderConfig config) : base(nameof(TextBlock))
    {
        _attention = Part("attn", new TextAttention(config));
        _attentionNorm = Part("ln_1", nn.LayerNorm(config.Width));
        _mlp = Part("mlp", new TextMlp(config));
        _mlpNorm = Part("ln_2", nn.LayerNorm(config.Width));
    }

    /// <returns>[K, T, C], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("block");
        x = ops.Add(x, _attention.Forward(ops, ops.LayerNorm(x, _attentionNorm)));
        x = ops.Add(x, _mlp.Forward(ops, ops.LayerNorm(x, _mlpNorm)));
        return part.Leave(x);
    }
}

/// <summary>Multi-head attention in which a token sees itself and those before it.</summary>
internal sealed class TextAttention : Layer
{
    private readonly LayerWeight _inputWeight;
    private readonly LayerWeight _inputBias;
    private readonly Linear _output;
    private readonly int _heads;

    public TextAttention(TextEncoderConfig config) : base(nameof(TextAttention))
    {
        var width = config.Width;
        _heads = config.Heads;
        _inputWeight = Weight("in_proj_weight", Initial.Normal(1 / Math.Sqrt(width), 3 * width, width));
        _inputBias = Weight("in_proj_bias", zeros(3 * width));
        _output = Part("out_proj", InitialOutput(width, width, config.Layers));
    }

    /// <returns>[K, T, C], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x) => ops.Linear(ops.CausalAttention(ops.Linear(x, _inputWeight.Value, _inputBias.Value), _heads), _output);

    /// <summary>Layers that end a residual branch start smaller the more of them there are (Radford et al. 2019, section 2.3).</summary>
    internal static Linear InitialOutput(int inputs, int width, int layers)
    {
        var layer = nn.Linear(inputs, width);
        using var _ = no_grad();
        nn.init.normal_(layer.weight!, 0, 1 / Math.Sqrt(width) / Math.Sqrt(2 * layers));
        nn.init.zeros_(layer.bias!);
        return layer;
    }
}

/// <summary>Two linear layers with a GELU, exact or quick, between them.</summary>
internal sealed class TextMlp : Layer
{
    private readonly Linear _expand;
    private readonly Linear _reduce;
    private readonly bool _quickGelu;

    public TextMlp(TextEncoderConfig config) : base(nameof(TextMlp))
    {
        var width = config.Width;
        _quickGelu = config.QuickGelu;
        _expand = Part("c_fc", nn.Linear(width, 4 * width));
        using (no_grad()) nn.init.normal_(_expand.weight!, 0, 1 / Math.Sqrt(2 * width));
        _reduce = Part("c_proj", TextAttention.InitialOutput(4 * width, width, config.Layers));
    }

    /// <returns>[K, T, C], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        x = ops.Linear(x, _expand);
        return ops.Linear(_quickGelu ? ops.QuickGelu(x) : ops.Gelu(x), _reduce);
    }
}
