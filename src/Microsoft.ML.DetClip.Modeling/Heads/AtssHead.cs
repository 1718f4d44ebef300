using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>What the head says of every location of every level, levels joined finest first.</summary>
/// <param name="Embeddings">[B, L, D].</param>
/// <param name="Deltas">[B, L, 4]; see <see cref="BoxCoding"/>.</param>
/// <param name="Centerness">Logits, [B, L].</param>
/// <param name="Anchors">[L, 4], corners in pixels.</param>
/// <param name="Levels">The pyramid's maps, for their sizes.</param>
internal sealed record HeadOutput<T>(T Embeddings, T Deltas, T Centerness, T Anchors, IReadOnlyList<T> Levels)
{
    /// <summary>Logits of there being an object, [B, L]; null without <see cref="HeadConfig.Foreground"/>.</summary>
    public T? Foreground { get; init; }

    /// <summary>Logits of the box's IoU with the true one, [B, L]; null without <see cref="HeadConfig.PredictedIoU"/>.</summary>
    public T? IoU { get; init; }
}

/// <summary>ATSS head (Zhang et al. 2020), shared over the levels, whose classification branch ends in an embedding instead of class logits.</summary>
/// <remarks>
/// The classification branch opens with a modulated deformable convolution: it reads what enters the head, at places that the regression
/// tower's output chooses, so that a loss on words alone still teaches the regression tower (DetCLIPv2, section 3.3).
/// </remarks>
internal sealed class AtssHead : Layer
{
    // Lin et al. 2017, section 4.1: an untrained network says 1 %.
    private static readonly double RareObjectBias = -Math.Log(99);

    private readonly HeadConfig _config;
    private readonly DeformableConvolution? _deformable;
    private readonly ConvNormRelu[] _classTower;
    private readonly ConvNormRelu[] _boxTower;
    private readonly Conv2d _embedding;
    private readonly Conv2d _deltas;
    private readonly Conv2d _centerness;
    private readonly Conv2d? _foreground;
    private readonly Conv2d? _iou;
    private readonly LayerWeight[] _scales;

    public AtssHead(HeadConfig config, int embeddingWidth) : base(nameof(AtssHead))
    {
        _config = config;
        var channels = config.Channels;
        if (config.Deformable) _deformable = Part("deform", new DeformableConvolution(channels, config.NormGroups));
        _classTower = Parts("cls_tower", Enumerable.Range(0, config.TowerDepth).Select(_ => new ConvNormRelu(channels, config.NormGroups)));
        _boxTower = Parts("reg_tower", Enumerable.Range(0, config.TowerDepth).Select(_ => new ConvNormRelu(channels, config.NormGroups)));
        _embedding = Part("embedding", Initial.Conv(channels, embeddingWidth, kernel: 3, std: 0.01));
        _deltas = Part("deltas", Initial.Conv(channels, 4, kernel: 3, std: 0.01));
        _centerness = Part("centerness", Initial.Conv(channels, 1, kernel: 3, std: 0.01));
        if (config.Foreground) _foreground = Part("foreground", Initial.Conv(channels, 1, kernel: 3, std: 0.01, bias: RareObjectBias));
        if (config.PredictedIoU) _iou = Part("iou", Initial.Conv(channels, 1, kernel: 3, std: 0.01));
        _scales = [.. FeaturePyramid.Strides.Select((_, level) => Weight($"scale{level}", ones(1)))];
    }

    /// <param name="ops">The reading.</param>
    /// <param name="levels">Maps [B, C, H, W] of the pyramid, finest first.</param>
    public HeadOutput<T> Forward<T>(Ops<T> ops, IReadOnlyList<T> levels)
    {
        using var part = ops.Enter("head");
        var outputs = levels.Select((map, level) => ForwardLevel(ops, map, level)).ToList();
        var joined = part.Leave([
            ops.Concat([.. outputs.Select(o => o[0])]),              // [B, L, D]
            ops.Concat([.. outputs.Select(o => o[1])]),              // [B, L, 4]
            .. Enumerable.Range(2, outputs[0].Count - 2).Select(i => ops.DropLast(ops.Concat([.. outputs.Select(o => o[i])]))), // [B, L] each
            ops.ConcatAnchors([.. levels.Select((map, level) => Anchors(ops, map, level))]),
        ]);
        return new(joined[0], joined[1], joined[2], joined[^1], levels)
        {
            Foreground = _foreground is null ? default : joined[3],
            IoU = _iou is null ? default : joined[^2],
        };
    }

    /// <returns>Embeddings [B, H·W, D], deltas [B, H·W, 4] and, [B, H·W, 1] each, logits of centerness and of the optional outputs, of one level.</returns>
    private IReadOnlyList<T> ForwardLevel<T>(Ops<T> ops, T map, int level)
    {
        using var part = ops.Enter($"p{level + 3}");
        var boxes = ops.Recomputed(map, input => _boxTower.Aggregate(input, (x, conv) => conv.Forward(ops, x)));
        var classes = _deformable is null ? map : _deformable.Forward(ops, map, boxes);
        classes = ops.Recomputed(classes, input => _classTower.Aggregate(input, (x, conv) => conv.Forward(ops, x)));
        Conv2d?[] qualities = [_centerness, _foreground, _iou];
        return part.Leave([
            ops.Flatten(ops.Conv2d(classes, _embedding)),
            ops.Flatten(ops.Multiply(ops.Conv2d(boxes, _deltas), ops.Weight(_scales[level].Value))),
            .. qualities.OfType<Conv2d>().Select(conv => ops.Flatten(ops.Conv2d(boxes, conv))),
        ]);
    }

    private T Anchors<T>(Ops<T> ops, T map, int level)
    {
        var stride = FeaturePyramid.Strides[level];
        return ops.Anchors(map, stride, _config.AnchorScale * stride, _config.AnchorOffset);
    }
}

/// <summary>3×3 convolution, group norm, ReLU: a step of a tower.</summary>
internal sealed class ConvNormRelu : Layer
{
    private readonly Conv2d _conv;
    private readonly GroupNorm _norm;

    public ConvNormRelu(int channels, int groups) : base(nameof(ConvNormRelu))
    {
        _conv = Part("conv", Initial.Conv(channels, channels, kernel: 3, std: Initial.Deviation(9L * channels)));
        _norm = Part("norm", Initial.GroupNorm(groups, channels));
    }

    /// <returns>[B, C, H, W], as it came.</returns>
    public T Forward<T>(Ops<T> ops, T x)
    {
        using var part = ops.Enter("conv");
        return part.Leave(ops.Relu(ops.GroupNorm(ops.Conv2d(x, _conv), _norm)));
    }
}
