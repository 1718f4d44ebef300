namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Words that cost nothing in the count: they say the shape of their result.</summary>
internal sealed partial class CostOps
{
    public override Shape Normalize(Shape x) => x;

    public override Shape Gelu(Shape x) => x;

    public override Shape QuickGelu(Shape x) => x;

    public override Shape Relu(Shape x) => x;

    public override Shape Sigmoid(Shape x) => x;

    public override Shape Sqrt(Shape x) => x;

    public override Shape Exp(Shape x) => x;

    public override Shape Clamp(Shape x, double limit) => x;

    public override Shape DropPath(Shape x, double rate) => x;

    public override Shape Add(Shape a, Shape b) => Shape.Broadcast(a, b);

    public override Shape Add(Shape x, double term) => x;

    public override Shape Multiply(Shape a, Shape b) => Shape.Broadcast(a, b);

    public override Shape Multiply(Shape x, double factor) => x;

    public override Shape ChannelsLast(Shape x) => new(x[0], x[2], x[3], x[1]);

    public override Shape ChannelsFirst(Shape x) => new(x[0], x[3], x[1], x[2]);

    public override Shape PadToMultiple(Shape x, int multiple) => x.With(2, Parts(x[2], multiple) * multiple).With(3, Parts(x[3], multiple) * multiple);

    public override Windows<Shape> WindowSplit(Shape x, WindowGrid grid)
    {
        var windows = x[0] * Parts(x[1], grid.Size) * Parts(x[2], grid.Size);
        return new CostWindows(new(windows, grid.Size * grid.Size, x[3]), grid, x);
    }

    public override Shape WindowJoin(Shape tokens, Windows<Shape> windows) => ((CostWindows)windows).Map;

    public override Shape MergePatches(Shape x) => new(x[0], Parts(x[1], 2), Parts(x[2], 2), 4 * x[3]);

    public override Shape ResizeLike(Shape x, Shape like) => x.With(2, like[2]).With(3, like[3]);

    public override Shape Flatten(Shape map) => new(map[0], map[2] * map[3], map[1]);

    public override Shape Concat(IReadOnlyList<Shape> parts) => parts[0].With(1, parts.Sum(p => p[1]));

    public override Shape Anchors(Shape map, int stride, double side, double offset) => new(map[2] * map[3], 4);

    public override Shape ConcatAnchors(IReadOnlyList<Shape> levels) => levels[0].With(0, levels.Sum(l => l[0]));

    public override Shape DecodeBoxes(Shape anchors, Shape deltas) => deltas;

    public override Shape GreatestSimilarity(Shape regions, Shape concepts) => new(Similarities(regions, concepts).Sizes.SkipLast(1));

    public override Shape TopRegions(Shape keys, int maxRegions) => keys.With(1, Math.Min(maxRegions, keys[1]));

    public override Shape GatherRegions(Shape x, Shape index) => x.With(1, index[1]);

    public override Shape DropLast(Shape x) => new(x.Sizes.SkipLast(1));

    public override Shape AddLast(Shape x) => new(x.Sizes.Append(1));

    public override Shape AppendOne(Shape x) => x.With(^1, x[^1] + 1);

    public override Shape ConcatLast(Shape a, Shape b) => a.With(^1, a[^1] + b[^1]);

    public override Shape PoolText(Shape x, Shape tokens, TextPooling pooling) => new(x[0], x[2]);

    /// <summary>⌈size / part⌉.</summary>
    private static long Parts(long size, int part) => (size + part - 1) / part;

    private sealed record CostWindows(Shape Tokens, WindowGrid Grid, Shape Map) : Windows<Shape>(Tokens, Grid);
}
