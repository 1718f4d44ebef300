using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Runs the network: each word computes.</summary>
/// <remarks>
/// Mixed precision (Micikevicius et al. 2018) as torch's autocast has it: operands of products (linear layers, convolutions, attention) are cast to a narrow
/// float, weights anew for each use, so that their gradients add up in float32. Norms, softmaxes and all sums over many terms are float32, and so is the residual stream.
/// </remarks>
/// <param name="training">Whether random parts (<see cref="DropPath"/>) are active.</param>
/// <param name="narrow">Number format of products; null leaves them in that of the weights.</param>
/// <param name="recompute">Whether blocks keep their input alone; see <see cref="Recomputed"/>.</param>
internal sealed partial class TorchOps(bool training, ScalarType? narrow = null, bool recompute = false) : Ops<Tensor>
{
    /// <summary>For inference.</summary>
    public static TorchOps Inference { get; } = new(training: false);

    /// <summary>For training.</summary>
    public static TorchOps Training { get; } = new(training: true);

    /// <summary>For training with products in a number format.</summary>
    /// <param name="products">Float32, BFloat16 or Float16.</param>
    /// <param name="recompute">Whether blocks keep their input alone.</param>
    public static TorchOps ForTraining(ScalarType products, bool recompute) => new(training: true, products == ScalarType.Float32 ? null : products, recompute);

    public override PartScope<Tensor> Enter(string part) => new MemoryScope();

    public override Tensor Recomputed(Tensor x, Func<Tensor, Tensor> part) =>
        recompute && is_grad_enabled() && x.requires_grad ? Recomputation.Run(x, part) : part(x);

    public override Tensor Linear(Tensor x, Parameter weight, Parameter? bias) => functional.linear(Narrow(x), Narrow(weight), bias is null ? null : Narrow(bias));

    public override Tensor Project(Tensor x, Parameter matrix) => Narrow(x).matmul(Narrow(matrix));

    public override Tensor Conv2d(Tensor x, Conv2d layer)
    {
        Func<Tensor, Tensor> operand = SomeTapSeesPaddingAlone(x, layer) ? full => full.AtLeastFloat32() : Narrow;
        return functional.conv2d(operand(x), operand(layer.weight!), layer.bias is null ? null : operand(layer.bias), layer.stride, layer.padding, layer.dilation, layer.groups);
    }

    public override Tensor DeformConv2d(Tensor x, Tensor offsetsAndMask, Parameter weight, Parameter bias)
    {
        (x, offsetsAndMask) = (x.AtLeastFloat32(), offsetsAndMask.AtLeastFloat32());
        var taps = weight.shape[2] * weight.shape[3];
        var offsets = offsetsAndMask.narrow(1, 0, 2 * taps);
        var mask = offsetsAndMask.narrow(1, 2 * taps, taps).sigmoid();
        return DeformableSampling.Convolve(x, offsets, mask, Narrow(weight), bias, DeformableGeometry.Same3x3);
    }

    public override Tensor LayerNorm(Tensor x, LayerNorm layer) => functional.layer_norm(x.AtLeastFloat32(), layer.normalized_shape, layer.weight, layer.bias, layer.eps);

    public override Tensor GroupNorm(Tensor x, GroupNorm layer) => functional.group_norm(x.AtLeastFloat32(), layer.num_groups, layer.weight, layer.bias, layer.eps);

    public override Tensor BatchNorm(Tensor x, BatchNorm1d layer) => layer.call(x.AtLeastFloat32().flatten(0, 1)).view(x.shape);

    public override Tensor Normalize(Tensor x) => functional.normalize(x.AtLeastFloat32(), dim: -1);

    public override Tensor Gelu(Tensor x) => functional.gelu(x);

    public override Tensor QuickGelu(Tensor x) => x * (x * Number(1.702)).sigmoid();

    public override Tensor Relu(Tensor x) => functional.relu(x);

    public override Tensor Sigmoid(Tensor x) => x.sigmoid();

    public override Tensor Sqrt(Tensor x) => x.sqrt();

    public override Tensor Exp(Tensor x) => x.exp();

    public override Tensor Clamp(Tensor x, double limit) => x.clamp(Number(-limit), Number(limit));

    public override Tensor Add(Tensor a, Tensor b) => a.Plus(b);

    public override Tensor Multiply(Tensor a, Tensor b) => a * b;

    public override Tensor Multiply(Tensor x, double factor) => x * Number(factor);

    public override Tensor Add(Tensor x, double term) => x.Plus(term);

    public override Tensor Weight(Parameter parameter) => parameter.alias();

    public override Tensor DropPath(Tensor x, double rate)
    {
        if (!training || rate == 0) return x;
        long[] onePerImage = [x.shape[0], .. Enumerable.Repeat(1L, (int)x.dim() - 1)];
        // Drawn on the CPU in any case: its generator is the one that checkpoints keep and recomputation replays.
        return x * empty(onePerImage).bernoulli_(1 - rate).div_(Number(1 - rate)).to(x.device);
    }

    public override Tensor ChannelsLast(Tensor x) => x.permute(0, 2, 3, 1);

    /// <remarks>A view: convolutions and group norms read its memory order, channels last, as fast as any.</remarks>
    public override Tensor ChannelsFirst(Tensor x) => x.permute(0, 3, 1, 2);

    public override Tensor PadToMultiple(Tensor x, int multiple)
    {
        var (bottom, right) = (Missing(x.shape[2], multiple), Missing(x.shape[3], multiple));
        return bottom == 0 && right == 0 ? x : functional.pad(x, [0, right, 0, bottom]);
    }

    public override Tensor MergePatches(Tensor x)
    {
        var (bottom, right) = (Missing(x.shape[1], 2), Missing(x.shape[2], 2));
        if (bottom != 0 || right != 0) x = functional.pad(x, [0, 0, 0, right, 0, bottom]);
        var (batch, height, width, channels) = (x.shape[0], x.shape[1] / 2, x.shape[2] / 2, x.shape[3]);
        return x.view(batch, height, 2, width, 2, channels)
            .permute(0, 1, 3, 4, 2, 5)                     // [B, H/2, W/2, column, row, C]
            .reshape(batch, height, width, 4 * channels);
    }

    public override Tensor ResizeLike(Tensor x, Tensor like) =>
        functional.interpolate(x, size: [like.shape[2], like.shape[3]], mode: InterpolationMode.Nearest);

    public override Tensor Flatten(Tensor map) => map.flatten(2).transpose(1, 2);

    public override Tensor Concat(IReadOnlyList<Tensor> parts) => cat([.. parts], 1);

    public override Tensor Similarities(Tensor regions, Tensor concepts) => regions.AtLeastFloat32().matmul(concepts.AtLeastFloat32().t());

    public override Tensor GreatestSimilarity(Tensor regions, Tensor concepts)
    {
        using var all = Similarities(regions, concepts); // [B, L, K]
        return all.amax([-1]);
    }

    public override Tensor TopRegions(Tensor keys, int maxRegions) => keys.topk((int)Math.Min(maxRegions, keys.shape[1]), dim: 1).indexes;

    public override Tensor GatherRegions(Tensor x, Tensor index) => x.gather(1, index.unsqueeze(-1).expand(-1, -1, x.shape[2]));

    public override Tensor DropLast(Tensor x) => x.squeeze(-1);

    public override Tensor AddLast(Tensor x) => x.unsqueeze(-1);

    public override Tensor AppendOne(Tensor x) => functional.pad(x, [0, 1], value: 1);

    public override Tensor ConcatLast(Tensor a, Tensor b) => cat([a, b], -1);

    public override Tensor Embed(Tensor tokens, Embedding table) => table.weight!.index_select(0, tokens.flatten()).view(tokens.shape[0], tokens.shape[1], -1);

    public override Tensor CausalAttention(Tensor qkv, int heads)
    {
        var (q, k, v) = SplitHeads(qkv, heads);                                    // [K, heads, T, d]
        return JoinHeads(functional.scaled_dot_product_attention(q, k, v, is_casual: true));
    }

    public override Tensor PoolText(Tensor x, Tensor tokens, TextPooling pooling)
    {
        var end = tokens.argmax(1, keepdim: true);                                 // [K, 1]
        if (pooling == TextPooling.EndMark) return x.gather(1, end.unsqueeze(-1).expand(-1, 1, x.shape[2])).squeeze(1);
        var within = Range(x.shape[1], int64, x.device).unsqueeze(0).le(end).to(x.dtype); // [K, T]
        return (x * within.unsqueeze(-1)).sum(1) / within.sum(1, keepdim: true);
    }

    // oneDNN's bfloat16 kernels (libtorch 2.10, stride 2, maps of width 1) leave the gradient of such taps as they find it in memory. Such maps are tiny.
    private static bool SomeTapSeesPaddingAlone(Tensor x, Conv2d layer) =>
        layer.padding is [> 0, ..] && Math.Min(x.shape[2], x.shape[3]) <= layer.stride![0];

    /// <summary>An operand of a product.</summary>
    private Tensor Narrow(Tensor x) => narrow is { } type ? x.to(type) : x;

    private static long Missing(long size, int multiple) => (multiple - size % multiple) % multiple;

    /// <summary>[B, T, 3·C] → queries, keys, values, each [B, heads, T, C / heads].</summary>
    private static (Tensor Q, Tensor K, Tensor V) SplitHeads(Tensor qkv, int heads)
    {
        var (batch, tokens, channels) = (qkv.shape[0], qkv.shape[1], qkv.shape[2] / 3);
        var parts = qkv.view(batch, tokens, 3, heads, channels / heads).permute(2, 0, 3, 1, 4).unbind(0);
        return (parts[0], parts[1], parts[2]);
    }

    /// <summary>[B, heads, T, d] → [B, T, heads · d].</summary>
    private static Tensor JoinHeads(Tensor x) => x.transpose(1, 2).flatten(2);

    /// <summary>Frees everything made in a part but its results.</summary>
    private sealed class MemoryScope : PartScope<Tensor>
    {
        private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

        public override Tensor Leave(Tensor result) => _scope.MoveToOuter(result);

        public override IReadOnlyList<Tensor> Leave(IReadOnlyList<Tensor> results)
        {
            foreach (var result in results) _scope.MoveToOuter(result);
            return results;
        }

        public override void Dispose() => _scope.Dispose();
    }
}
