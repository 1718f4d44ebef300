namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class OnnxOps
{
    public override OnnxValue Anchors(OnnxValue map, int stride, double side, double offset)
    {
        var (height, width) = (map.Shape[2], map.Shape[3]);
        var grid = _sizes.List(height, width);
        var y = Spread(Centres(height, stride, offset), grid, axis: 1);                                 // [H·W, 1]
        var x = Spread(Centres(width, stride, offset), grid, axis: 0);
        var half = _graph.Number(side / 2);
        var (left, top) = (_graph.Node("Sub", [x, half]), _graph.Node("Sub", [y, half]));
        var (right, bottom) = (_graph.Node("Add", [x, half]), _graph.Node("Add", [y, half]));
        return Node("Concat", [_sizes.Multiply(height, width), 4], [left, top, right, bottom], OnnxAttribute.Int("axis", 1));
    }

    public override OnnxValue ConcatAnchors(IReadOnlyList<OnnxValue> levels) => Concat(levels, axis: 0);

    public override OnnxValue DecodeBoxes(OnnxValue anchors, OnnxValue deltas)
    {
        var corners = Halves(anchors.Name);                                                             // (x0, y0), (x1, y1), each [L, 2]
        var parts = Halves(deltas.Name);                                                                // offset of the centre, logarithm of the size's ratio: [B, L, 2]
        var size = _graph.Node("Sub", [corners[1], corners[0]]);
        var half = _graph.Node("Mul", [size, _graph.Number(0.5)]);
        var moved = _graph.Node("Mul", [_graph.Node("Mul", [parts[0], _graph.Number(BoxCoding.CentreStd)]), size]);
        var centre = _graph.Node("Add", [_graph.Node("Add", [corners[0], half]), moved]);               // [B, L, 2]
        var logRatio = _graph.Node("Mul", [parts[1], _graph.Number(BoxCoding.SizeStd)]);
        var ratio = _graph.Node("Clip", [logRatio, _graph.Number(-BoxCoding.MaxLogRatio), _graph.Number(BoxCoding.MaxLogRatio)]);
        var reach = _graph.Node("Mul", [_graph.Node("Exp", [ratio]), half]);                            // [B, L, 2]
        return Node("Concat", deltas.Shape, [_graph.Node("Sub", [centre, reach]), _graph.Node("Add", [centre, reach])], OnnxAttribute.Int("axis", -1));
    }

    private IReadOnlyList<string> Halves(string boxes) => _graph.Node("Split", [boxes, _graph.Integers(2, 2)], results: 2, OnnxAttribute.Int("axis", -1));

    /// <summary>Centres of the anchors along one axis, in pixels: float [n].</summary>
    private string Centres(OnnxExtent n, int stride, double offset)
    {
        var position = _graph.Node("Cast", [_sizes.Range(n)], OnnxAttribute.Int("to", (long)OnnxType.Float));
        return _graph.Node("Mul", [_graph.Node("Add", [position, _graph.Number(offset)]), _graph.Number(stride)]);
    }

    /// <summary>Numbers of one axis, repeated along the other, in reading order: [n] → [H·W, 1].</summary>
    private string Spread(string numbers, string grid, int axis) =>
        _graph.Node("Reshape", [_graph.Node("Expand", [_graph.Node("Unsqueeze", [numbers, _graph.Integers(axis)]), grid]), _graph.Integers(-1, 1)]);
}
