using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Swin transformer (Liu et al. 2021) as a detection backbone: the maps of its last three stages, each with a norm of its own.</summary>
/// <remarks>Parameter names are those of the original detection code; torchvision's differ in name only.</remarks>
internal sealed class SwinTransformer : Layer
{
    /// <summary>Pixels that one position of the first stage covers, each way.</summary>
    public const int PatchSize = 4;

    private readonly PatchEmbedding _patches;
    private readonly SwinStage[] _stages;
    private readonly LayerNorm[] _norms;

    public SwinTransformer(SwinConfig config) : base(nameof(SwinTransformer))
    {
        _patches = Part("patch_embed", new PatchEmbedding(config.Channels));
        var dropPaths = DropPaths(config);
        _stages = Parts("layers", config.Depths.Select((depth, i) => new SwinStage(
            config.Channels << i, config.Heads[i], config.Window, dropPaths.Skip(config.Depths.Take(i).Sum()).Take(depth).ToArray(), merges: i < 3)));
        _norms = [.. Enumerable.Range(1, 3).Select(i => Part($"norm{i}", nn.LayerNorm(config.Channels << i)))];
    }

    /// <summary>Channels of the three maps, for a configuration.</summary>
    public static int[] OutputChannels(SwinConfig config) => [config.Channels << 1, config.Channels << 2, config.Channels << 3];

    /// <param name="ops">The reading.</param>
    /// <param name="pixels">[B, 3, H, W]; H and W may be any size.</param>
    /// <returns>Maps at strides 8, 16 and 32: [B, 2C, H/8, W/8], [B, 4C, H/16, W/16], [B, 8C, H/32, W/32], sizes rounded up.</returns>
    public IReadOnlyList<T> Forward<T>(Ops<T> ops, T pixels)
    {
        using var part = ops.Enter("backbone");
        var stages = Stages(ops, pixels);
        return part.Leave([.. _norms.Select((norm, i) => ops.ChannelsFirst(ops.LayerNorm(stages[i + 1], norm)))]);
    }

    /// <summary>The four stages' maps before any norm, [B, H, W, C]: what classifiers of the same backbone build on.</summary>
    internal IReadOnlyList<T> Stages<T>(Ops<T> ops, T pixels)
    {
        var outputs = new List<T>();
        var x = _patches.Forward(ops, pixels);                         // [B, H/4, W/4, C]
        foreach (var (index, stage) in _stages.Index())
        {
            outputs.Add(x = stage.Blocks(ops, x, index));
            if (stage.Merging is { } merging) x = merging.Forward(ops, x); // [B, H/2, W/2, 2C]
        }
        return outputs;
    }

    /// <summary>Rates rise linearly over all blocks, from 0 to the configured one.</summary>
    private static double[] DropPaths(SwinConfig config)
    {
        var blocks = config.Depths.Sum();
        return [.. Enumerable.Range(0, blocks).Select(i => blocks == 1 ? config.DropPath : config.DropPath * i / (blocks - 1))];
    }
}

/// <summary>Some blocks at one resolution, every second one with shifted windows, then the halving that leads to the next stage.</summary>
internal sealed class SwinStage : Layer
{
    private readonly SwinBlock[] _blocks;

    public SwinStage(int channels, int heads, int window, double[] dropPaths, bool merges) : base(nameof(SwinStage))
    {
        _blocks = Parts("blocks", dropPaths.Select((rate, i) =>
            new SwinBlock(channels, heads, new WindowGrid(window, Shift: i % 2 == 0 ? 0 : window / 2), rate)));
        if (merges) Merging = Part("downsample", new PatchMerging(channels));
    }

    public PatchMerging? Merging { get; }

    /// <returns>[B, H, W, C], as it came.</returns>
    public T Blocks<T>(Ops<T> ops, T x, int index)
    {
        using var part = ops.Enter($"stage{index + 1}");
        foreach (var block in _blocks) x = ops.Recomputed(x, input => block.Forward(ops, input));
        return part.Leave(x);
    }
}
