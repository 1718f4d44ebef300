using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Swin block: (shifted-)window attention, then an MLP, each pre-normed with a residual. Liu et al. 2021, eq. 3.</summary>
/// <remarks>B batch, H×W grid, C channels, M window side, nW windows of an image.</remarks>
internal sealed class SwinBlock : Layer
{
    private readonly LayerNorm _attentionNorm;
    private readonly WindowAttention _attention;
    private readonly LayerNorm _mlpNorm;
    private readonly Mlp _mlp;
    private readonly WindowGrid _grid;
    private readonly double _dropPath;

    public SwinBlock(int channels, int heads, WindowGrid grid, double dropPath) : base(nameof(SwinBlock))
    {
        (_grid, _dropPath) = (grid, dropPath);
        _attentionNorm = Part("norm1", nn.LayerNorm(channels));
        _attention = Part("attn", new WindowAttention(channels, heads, grid.Size));
        _mlpNorm = Part("norm2", nn.LayerNorm(channels));
        _mlp = Part("mlp", new Mlp(channels, hidden: 4 * channels));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="x">[B, H, W, C]; H and W need not be multiples of M.</param>
    /// <returns>[B, H, W, C]</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("block");
        var windows = ops.WindowSplit(ops.LayerNorm(x, _attentionNorm), _grid);   // [B·nW, M², C]
        var attended = ops.WindowJoin(_attention.Forward(ops, windows), windows); // [B, H, W, C]
        x = ops.Add(x, ops.DropPath(attended, _dropPath));
        x = ops.Add(x, ops.DropPath(_mlp.Forward(ops, ops.LayerNorm(x, _mlpNorm)), _dropPath));
        return part.Leave(x);
    }
}

/// <summary>Attention within windows, with a learned bias for each relative position. Liu et al. 2021, eq. 4.</summary>
internal sealed class WindowAttention : Layer
{
    private readonly LayerWeight _biasTable;
    private readonly Linear _qkv;
    private readonly Linear _projection;
    private readonly int _heads;

    public WindowAttention(int channels, int heads, int window) : base(nameof(WindowAttention))
    {
        _heads = heads;
        _biasTable = Weight("relative_position_bias_table", Initial.TruncatedNormal(0.02, (2 * window - 1) * (2 * window - 1), heads));
        _qkv = Part("qkv", Initial.Linear(channels, 3 * channels));
        _projection = Part("proj", Initial.Linear(channels, channels));
    }

    /// <returns>[B·nW, M², C]</returns>
    public T Forward<T>(Ops<T> ops, Windows<T> windows)
    {
        var qkv = ops.Linear(windows.Tokens, _qkv); // [B·nW, M², 3·C]
        return ops.Linear(ops.WindowAttention(qkv, windows, _heads, _biasTable.Value), _projection);
    }
}

/// <summary>Two linear layers with a GELU between them, over the last axis.</summary>
internal sealed class Mlp : Layer
{
    private readonly Linear _expand;
    private readonly Linear _reduce;

    public Mlp(int channels, int hidden) : base(nameof(Mlp))
    {
        _expand = Part("fc1", Initial.Linear(channels, hidden));
        _reduce = Part("fc2", Initial.Linear(hidden, channels));
    }

    /// <returns>[..., C], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("mlp");
        return part.Leave(ops.Linear(ops.Gelu(ops.Linear(x, _expand)), _reduce));
    }
}
