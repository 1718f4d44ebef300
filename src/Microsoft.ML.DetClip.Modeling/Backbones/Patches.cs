using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Cuts an image into 4×4 patches and embeds each (Liu et al. 2021, section 3.1).</summary>
internal sealed class PatchEmbedding : Layer
{
    private readonly Conv2d _projection;
    private readonly LayerNorm _norm;

    public PatchEmbedding(int channels) : base(nameof(PatchEmbedding))
    {
        _projection = Part("proj", nn.Conv2d(3, channels, SwinTransformer.PatchSize, stride: SwinTransformer.PatchSize));
        _norm = Part("norm", nn.LayerNorm(channels));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="pixels">[B, 3, H, W].</param>
    /// <returns>[B, ⌈H/4⌉, ⌈W/4⌉, C]</returns>
    public T Forward<T>(Ops<T> ops, T pixels)
    {
        using var part = ops.Enter("patches");
        var x = ops.Conv2d(ops.PadToMultiple(pixels, SwinTransformer.PatchSize), _projection); // [B, C, H/4, W/4]
        return part.Leave(ops.LayerNorm(ops.ChannelsLast(x), _norm));
    }
}

/// <summary>Halves a map and doubles its channels (Liu et al. 2021, section 3.1).</summary>
internal sealed class PatchMerging : Layer
{
    private readonly LayerNorm _norm;
    private readonly Linear _reduction;

    public PatchMerging(int channels) : base(nameof(PatchMerging))
    {
        _norm = Part("norm", nn.LayerNorm(4 * channels));
        _reduction = Part("reduction", Initial.Linear(4 * channels, 2 * channels, bias: false));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="x">[B, H, W, C].</param>
    /// <returns>[B, ⌈H/2⌉, ⌈W/2⌉, 2·C]</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("merging");
        return part.Leave(ops.Linear(ops.LayerNorm(ops.MergePatches(x), _norm), _reduction));
    }
}
