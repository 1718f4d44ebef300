namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Words that cost nothing in the count: they say the shape of their result.</summary>
/// <remarks>A word that gives its operand back works in its memory. So does a sum or product, in that of an operand that is not needed any more.</remarks>
internal sealed partial class CostOps
{
    public override Shape Normalize(Shape x) => x;

    public override Shape Gelu(Shape x) => Made(x, x);

    public override Shape QuickGelu(Shape x) => Made(x, x);

    public override Shape Relu(Shape x) => x;

    public override Shape Sigmoid(Shape x) => x;

    public override Shape Sqrt(Shape x) => x;

    public override Shape Exp(Shape x) => x;

    public override Shape Clamp(Shape x, double limit) => x;

    public override Shape DropPath(Shape x, double rate) => x;

    public override Shape Add(Shape a, Shape b) => _tape.MakeInPlace(Shape.Broadcast(a, b), a, b);

    public override Shape Add(Shape x, double term) => x;

    public override Shape Multiply(Shape a, Shape b) => _tape.MakeInPlace(Shape.Broadcast(a, b), a, b);

    public override Shape Multiply(Shape x, double factor) => x;

    public override Shape ChannelsLast(Shape x) => Made(new(x[0], x[2], x[3], x[1]), x);

    public override Shape ChannelsFirst(Shape x) => Made(new(x[0], x[3], x[1], x[2]), x);

    public override Shape PadToMultiple(Shape x, int multiple) =>
        Made(x.With(2, Parts(x[2], multiple) * multiple).With(3, Parts(x[3], multiple) * multiple), x);

    public override Windows<Shape> WindowSplit(Shape x, WindowGrid grid)
    {
        var windows = x[0] * Parts(x[1], grid.Size) * Parts(x[2], grid.Size);
        var tokens = _tape.Make(new(windows, grid.Size * grid.Size, x[3]), passing: x.Count, x); // it passes through a map with a row of zeros
        return new CostWindows(tokens, grid, x.Sizes);
    }

    public override Shape WindowJoin(Shape tokens, Windows<Shape> windows) => Made(new(((CostWindows)windows).Map), tokens);

    public override Shape MergePatches(Shape x) => Made(new(x[0], Parts(x[1], 2), Parts(x[2], 2), 4 * x[3]), x);

    public override Shape ResizeLike(Shape x, Shape like) => Made(x.With(2, like[2]).With(3, like[3]), x);

    public override Shape Flatten(Shape map) => Made(new(map[0], map[2] * map[3], map[1]), map);

    public override Shape Concat(IReadOnlyList<Shape> parts) => Made(parts[0].With(1, parts.Sum(p => p[1])), [.. parts]);

    public override Shape Anchors(Shape map, int stride, double side, double offset) => Made(new(map[2] * map[3], 4));

    public override Shape ConcatAnchors(IReadOnlyList<Shape> levels) => Made(levels[0].With(0, levels.Sum(l => l[0])), [.. levels]);

    public override Shape DecodeBoxes(Shape anchors, Shape deltas) => Made(deltas, anchors, deltas);

    public override Shape GreatestSimilarity(Shape regions, Shape concepts)
    {
        var all = Similarities(regions, concepts);
        return Made(new(all.Sizes.SkipLast(1)), all);
    }

    public override Shape TopRegions(Shape keys, int maxRegions) => Made(keys.With(1, Math.Min(maxRegions, keys[1])), keys);

    public override Shape GatherRegions(Shape x, Shape index) => Made(x.With(1, index[1]), x, index);

    public override Shape DropLast(Shape x) => _tape.MakeInPlace(new(x.Sizes.SkipLast(1)), x);

    public override Shape AddLast(Shape x) => _tape.MakeInPlace(new(x.Sizes.Append(1)), x);

    public override Shape AppendOne(Shape x) => Made(x.With(^1, x[^1] + 1), x);

    public override Shape ConcatLast(Shape a, Shape b) => Made(a.With(^1, a[^1] + b[^1]), a, b);

    public override Shape PoolText(Shape x, Shape tokens, TextPooling pooling) => Made(new(x[0], x[2]), x);

    /// <summary>⌈size / part⌉.</summary>
    private static long Parts(long size, int part) => (size + part - 1) / part;

    private sealed record CostWindows(Shape Tokens, WindowGrid Grid, long[] Map) : Windows<Shape>(Tokens, Grid);
}
