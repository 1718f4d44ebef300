using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class OnnxOps
{
    private readonly Dictionary<string, OnnxValue> _origins = [];
    private readonly Dictionary<string, OnnxValue> _reshaped = [];

    public override OnnxValue ChannelsLast(OnnxValue x) => Transpose(x, 0, 2, 3, 1);

    public override OnnxValue ChannelsFirst(OnnxValue x) => Transpose(x, 0, 3, 1, 2);

    public override OnnxValue PadToMultiple(OnnxValue x, int multiple)
    {
        var (height, width) = (_sizes.RoundUp(x.Shape[2], multiple), _sizes.RoundUp(x.Shape[3], multiple));
        var pads = _sizes.List(0, 0, 0, 0, 0, 0, _sizes.Subtract(height, x.Shape[2]), _sizes.Subtract(width, x.Shape[3]));
        return Node("Pad", [x.Shape[0], x.Shape[1], height, width], [x.Name, pads]);
    }

    /// <remarks>All four sizes: ONNX Runtime 1.31 cannot move the channels of a quantized Resize that names its axes, and fails on loading.</remarks>
    public override OnnxValue ResizeLike(OnnxValue x, OnnxValue like)
    {
        OnnxExtent[] sizes = [x.Shape[0], x.Shape[1], like.Shape[2], like.Shape[3]];
        return Node("Resize", sizes, [x.Name, "", "", _sizes.List(sizes)], OnnxAttribute.Text("mode", "nearest"),
            OnnxAttribute.Text("coordinate_transformation_mode", "asymmetric"), OnnxAttribute.Text("nearest_mode", "floor"));
    }

    public override OnnxValue Flatten(OnnxValue map) =>
        Transpose(Reshape(map, map.Shape[0], map.Shape[1], _sizes.Multiply(map.Shape[2], map.Shape[3])), 0, 2, 1);

    public override OnnxValue Concat(IReadOnlyList<OnnxValue> parts) => Concat(parts, axis: 1);

    public override OnnxValue ConcatLast(OnnxValue a, OnnxValue b) => Concat([a, b], a.Shape.Count - 1);

    public override OnnxValue DropLast(OnnxValue x) => Node("Squeeze", [.. x.Shape.SkipLast(1)], [x.Name, _graph.Integers(-1)]);

    public override OnnxValue AddLast(OnnxValue x) => Node("Unsqueeze", [.. x.Shape, 1], [x.Name, _graph.Integers(-1)]);

    public override OnnxValue AppendOne(OnnxValue x)
    {
        var pads = _graph.Integers([.. Enumerable.Repeat(0L, 2 * x.Shape.Count - 1), 1]);
        return Node("Pad", [.. x.Shape.SkipLast(1), _sizes.Add(x.Shape[^1], 1)], [x.Name, pads, _graph.Number(1)]);
    }

    public override OnnxValue Similarities(OnnxValue regions, OnnxValue concepts)
    {
        var columns = Transpose(concepts, 1, 0);                                                        // [D, K]
        return Node("MatMul", [.. regions.Shape.SkipLast(1), concepts.Shape[0]], [regions.Name, columns.Name]);
    }

    /// <remarks>Rows of all images at once: before a product of three axes ONNX Runtime would undo the transpose that made the rows, and multiply more slowly.</remarks>
    public override OnnxValue GreatestSimilarity(OnnxValue regions, OnnxValue concepts)
    {
        var rows = Reshape(regions, _sizes.Multiply(regions.Shape[0], regions.Shape[1]), regions.Shape[2]); // [B·L, D]
        var all = _graph.Node("Gemm", [rows.Name, concepts.Name], OnnxAttribute.Int("transB", 1));      // [B·L, K]
        var greatest = Node("ReduceMax", [rows.Shape[0]], [all, _graph.Integers(-1)], OnnxAttribute.Int("keepdims", 0));
        return Reshape(greatest, [.. regions.Shape.SkipLast(1)]);
    }

    /// <remarks>The number is an input that may be left out: its value is then <paramref name="maxRegions"/>.</remarks>
    public override OnnxValue TopRegions(OnnxValue keys, int maxRegions)
    {
        _graph.AddInput(new(DetectorContract.MaxRegions, OnnxType.Int64, [1]));
        _graph.Store(OnnxTensor.Of(DetectorContract.MaxRegions, [1], maxRegions));
        var count = _sizes.Min(_sizes.Computed(DetectorContract.MaxRegions, () => DetectorContract.MaxRegions), keys.Shape[1]);
        return new(_graph.Node("TopK", [keys.Name, _sizes.Name(count)], results: 2, OnnxAttribute.Int("axis", 1))[1], [keys.Shape[0], count]);
    }

    public override OnnxValue GatherRegions(OnnxValue x, OnnxValue index) => Node("GatherND", [.. index.Shape, x.Shape[2]],
        [x.Name, _graph.Node("Unsqueeze", [index.Name, _graph.Integers(-1)])], OnnxAttribute.Int("batch_dims", 1));

    public override OnnxValue Embed(OnnxValue tokens, Embedding table) =>
        Node("Gather", [.. tokens.Shape, table.weight!.shape[1]], [Store(table, "weight", table.weight), tokens.Name], OnnxAttribute.Int("axis", 0));

    private OnnxValue Concat(IReadOnlyList<OnnxValue> parts, int axis)
    {
        var shape = parts[0].Shape.ToArray();
        shape[axis] = parts.Select(p => p.Shape[axis]).Aggregate(_sizes.Add);
        return Node("Concat", shape, [.. parts.Select(p => p.Name)], OnnxAttribute.Int("axis", axis));
    }

    private OnnxValue Transpose(OnnxValue x, params long[] order) =>
        Node("Transpose", [.. order.Select(axis => x.Shape[(int)axis])], [x.Name], OnnxAttribute.Ints("perm", order));

    /// <summary>The same elements in another shape: sizes that stay in place are copied and one may be inferred, so that few shapes are computed.</summary>
    /// <remarks>What was reshaped before is reshaped from its origin, and the same way only once.</remarks>
    private OnnxValue Reshape(OnnxValue x, params IReadOnlyList<OnnxExtent> shape)
    {
        if (x.Shape.SequenceEqual(shape)) return x;
        var origin = _origins.GetValueOrDefault(x.Name, x);
        if (origin.Shape.SequenceEqual(shape)) return origin;
        var key = $"{origin.Name} [{string.Join(", ", shape.Select(OnnxSizes.Text))}]";
        if (_reshaped.TryGetValue(key, out var known)) return known;
        OnnxExtent[] asked = [.. shape.Select((size, axis) => size.Number is null && axis < origin.Shape.Count && origin.Shape[axis] == size ? 0 : size)];
        if (asked.Count(size => size.Number is null) == 1) asked[Array.FindIndex(asked, size => size.Number is null)] = -1;
        var result = Node("Reshape", shape, [origin.Name, _sizes.List(asked)]);
        _origins[result.Name] = origin;
        return _reshaped[key] = result;
    }
}
