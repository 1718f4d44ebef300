using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The words in which the network is written. One text, three readings: run it, write it as ONNX, count its cost.</summary>
/// <remarks>
/// B images, C channels, H×W positions, L locations of all levels, R regions, K concepts, T tokens, D embedding width.
/// Words stay at the level of the field (window split, attention, deformable convolution), so that each reading can do its own best.
/// Sizes that depend on the input (B, H, W, L, K) are never numbers in the network's text.
/// </remarks>
/// <typeparam name="T">What stands for a tensor: a tensor, a value of an ONNX graph, a shape.</typeparam>
internal abstract class Ops<T>
{
    /// <summary>Opens a named part: a memory scope, a prefix of node names, a line of the cost table.</summary>
    public abstract PartScope<T> Enter(string part);

    /// <summary>A part of the network from one tensor to one, of which training may keep its input alone and compute it once more for its gradient (Chen et al. 2016).</summary>
    public virtual T Recomputed(T x, Func<T, T> part) => part(x);

    /// <summary>x·Wᵀ + b over the last axis: [..., in] → [..., out].</summary>
    public abstract T Linear(T x, Parameter weight, Parameter? bias);

    /// <summary>x·W over the last axis: [..., in] → [..., out]; W is [in, out], as CLIP stores its projection.</summary>
    public abstract T Project(T x, Parameter matrix);

    /// <summary>[B, C, H, W] → [B, C', H', W'].</summary>
    public abstract T Conv2d(T x, Conv2d layer);

    /// <summary>Modulated deformable 3×3 convolution, stride 1, padding 1 (Zhu et al. 2019).</summary>
    /// <param name="x">[B, C, H, W].</param>
    /// <param name="offsetsAndMask">[B, 27, H, W]: nine (dy, dx) pairs, then nine mask logits, which a sigmoid makes 0 to 1.</param>
    /// <param name="weight">[C', C, 3, 3].</param>
    /// <param name="bias">[C'].</param>
    public abstract T DeformConv2d(T x, T offsetsAndMask, Parameter weight, Parameter bias);

    /// <summary>Layer norm over the last axis.</summary>
    public abstract T LayerNorm(T x, LayerNorm layer);

    /// <summary>Group norm over channels and positions of [B, C, H, W].</summary>
    public abstract T GroupNorm(T x, GroupNorm layer);

    /// <summary>Batch norm over the last axis of [B, L, D], with running statistics outside training.</summary>
    public abstract T BatchNorm(T x, BatchNorm1d layer);

    /// <summary>x / ‖x‖₂ over the last axis; a zero vector stays zero.</summary>
    public abstract T Normalize(T x);

    /// <summary>The exact GELU.</summary>
    public abstract T Gelu(T x);

    /// <summary>x·σ(1.702 x).</summary>
    public abstract T QuickGelu(T x);

    /// <summary>max(x, 0).</summary>
    public abstract T Relu(T x);

    /// <summary>σ(x).</summary>
    public abstract T Sigmoid(T x);

    /// <summary>√x.</summary>
    public abstract T Sqrt(T x);

    /// <summary>exp(x).</summary>
    public abstract T Exp(T x);

    /// <summary>x cut to ± limit.</summary>
    public abstract T Clamp(T x, double limit);

    /// <summary>a + b, of one shape or broadcast.</summary>
    public abstract T Add(T a, T b);

    /// <summary>a · b by elements, of one shape or broadcast.</summary>
    public abstract T Multiply(T a, T b);

    /// <summary>x · factor.</summary>
    public abstract T Multiply(T x, double factor);

    /// <summary>x + term.</summary>
    public abstract T Add(T x, double term);

    /// <summary>A parameter as a value.</summary>
    public abstract T Weight(Parameter parameter);

    /// <summary>In training, drops the branch for a random share of the images and scales the rest up (Huang et al. 2016); else the identity.</summary>
    public abstract T DropPath(T x, double rate);

    /// <summary>[B, C, H, W] → [B, H, W, C].</summary>
    public abstract T ChannelsLast(T x);

    /// <summary>[B, H, W, C] → [B, C, H, W].</summary>
    public abstract T ChannelsFirst(T x);

    /// <summary>Pads [B, C, H, W] with zeros at the right and bottom until H and W are multiples.</summary>
    public abstract T PadToMultiple(T x, int multiple);

    /// <summary>Pads, rolls and cuts [B, H, W, C] into windows [B·nW, M², C]. An axis that one window covers is not rolled, as in torchvision.</summary>
    public abstract Windows<T> WindowSplit(T x, WindowGrid grid);

    /// <summary>Attention within each window, with relative position bias and, in a shifted grid, the mask of what the roll brought together.</summary>
    /// <param name="qkv">[B·nW, M², 3·C]: queries, keys, values, each heads × channels.</param>
    /// <param name="windows">The windows these tokens come from.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="biasTable">[(2M − 1)², heads].</param>
    /// <returns>[B·nW, M², C]</returns>
    public abstract T WindowAttention(T qkv, Windows<T> windows, int heads, Parameter biasTable);

    /// <summary>Undoes <see cref="WindowSplit"/>: [B·nW, M², C] → [B, H, W, C].</summary>
    public abstract T WindowJoin(T tokens, Windows<T> windows);

    /// <summary>2×2 neighbours side by side, in the order (0,0), (1,0), (0,1), (1,1) of (row, column): [B, H, W, C] → [B, ⌈H/2⌉, ⌈W/2⌉, 4·C].</summary>
    public abstract T MergePatches(T x);

    /// <summary>Nearest-neighbour resize of [B, C, h, w] to the H×W of another map.</summary>
    public abstract T ResizeLike(T x, T like);

    /// <summary>[B, C, H, W] → [B, H·W, C].</summary>
    public abstract T Flatten(T map);

    /// <summary>Joins along the second axis.</summary>
    public abstract T Concat(IReadOnlyList<T> parts);

    /// <summary>One square anchor for each position of a map, in reading order: [H·W, 4], corners in pixels.</summary>
    /// <param name="map">[B, C, H, W]; only H and W matter.</param>
    /// <param name="stride">Pixels between positions.</param>
    /// <param name="side">Side of an anchor, in pixels.</param>
    /// <param name="offset">Centre of the first anchor, in strides.</param>
    public abstract T Anchors(T map, int stride, double side, double offset);

    /// <summary>Joins anchors of levels: [L₁, 4], [L₂, 4], … → [L, 4].</summary>
    public abstract T ConcatAnchors(IReadOnlyList<T> levels);

    /// <summary>Boxes from anchors and deltas (Girshick et al. 2014, appendix C; see <see cref="BoxCoding"/>): [L, 4] and [B, L, 4] → [B, L, 4].</summary>
    public abstract T DecodeBoxes(T anchors, T deltas);

    /// <summary>Every product of a row of [B, L, D] and a row of [K, D]: [B, L, K].</summary>
    public abstract T Similarities(T regions, T concepts);

    /// <summary>For each row of [B, L, D] its greatest product with a row of [K, D]: [B, L].</summary>
    public abstract T GreatestSimilarity(T regions, T concepts);

    /// <summary>Indices of the greatest keys, best first: [B, L] → int64 [B, R], R = min(maxRegions, L).</summary>
    public abstract T TopRegions(T keys, int maxRegions);

    /// <summary>Rows by index: [B, L, C] and [B, R] → [B, R, C].</summary>
    public abstract T GatherRegions(T x, T index);

    /// <summary>[B, L, 1] → [B, L].</summary>
    public abstract T DropLast(T x);

    /// <summary>[B, L] → [B, L, 1].</summary>
    public abstract T AddLast(T x);

    /// <summary>Appends a constant one to the last axis: [..., D] → [..., D + 1].</summary>
    public abstract T AppendOne(T x);

    /// <summary>Joins along the last axis.</summary>
    public abstract T ConcatLast(T a, T b);

    /// <summary>Rows of a table: int64 [K, T] → [K, T, C].</summary>
    public abstract T Embed(T tokens, Embedding table);

    /// <summary>Attention of each token to itself and those before it: [K, T, 3·C] → [K, T, C].</summary>
    public abstract T CausalAttention(T qkv, int heads);

    /// <summary>One row for each text: [K, T, C] → [K, C]. The end mark is the largest id of a text; what follows it is padding.</summary>
    public abstract T PoolText(T x, T tokens, TextPooling pooling);

    /// <summary><see cref="Linear(T, Parameter, Parameter)"/> with a module's parameters.</summary>
    public T Linear(T x, Linear layer) => Linear(x, layer.weight!, layer.bias);
}

/// <summary>A named part that is being computed. Disposing it without leaving gives up what was made inside.</summary>
internal abstract class PartScope<T> : IDisposable
{
    /// <summary>Ends the part with its result.</summary>
    public abstract T Leave(T result);

    /// <summary>Ends the part with several results.</summary>
    public abstract IReadOnlyList<T> Leave(IReadOnlyList<T> results);

    /// <inheritdoc/>
    public abstract void Dispose();
}

/// <summary>How a map is cut into windows: side M and shift, both in positions (Liu et al. 2021, section 3.2).</summary>
internal sealed record WindowGrid(int Size, int Shift);

/// <summary>Tokens of windows, and how to put them back; each reading adds what it must remember.</summary>
internal record Windows<T>(T Tokens, WindowGrid Grid);
