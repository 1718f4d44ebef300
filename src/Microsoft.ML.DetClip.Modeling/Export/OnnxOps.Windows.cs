using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Windows of a map and how they lie on it.</summary>
/// <param name="Tokens">[B·nW, M², C].</param>
/// <param name="Grid">Side and shift.</param>
/// <param name="Map">Shape of the map, [B, H, W, C].</param>
/// <param name="Layout">Where on the map each window's positions are.</param>
internal sealed record OnnxWindows(OnnxValue Tokens, WindowGrid Grid, IReadOnlyList<OnnxExtent> Map, OnnxWindowLayout Layout) : Windows<OnnxValue>(Tokens, Grid);

internal sealed partial class OnnxOps
{
    /// <summary>Added to the attention between positions that only the roll made neighbours.</summary>
    private const double Apart = -100;

    /// <remarks>Padding, roll and cut are one gather, whose indices are computed once for a map size and grid.</remarks>
    public override Windows<OnnxValue> WindowSplit(OnnxValue x, WindowGrid grid)
    {
        var layout = new OnnxWindowLayout(_graph, _sizes, x.Shape[1], x.Shape[2], grid);
        var tokens = GatherPositions(WithZeroRow(x), layout.SplitIndex, _sizes.Multiply(layout.Windows, grid.Size * grid.Size)); // [B, nW·M², C]
        var windows = Reshape(tokens, _sizes.Multiply(x.Shape[0], layout.Windows), grid.Size * grid.Size, x.Shape[3]);
        return new OnnxWindows(windows, grid, x.Shape, layout);
    }

    public override OnnxValue WindowJoin(OnnxValue tokens, Windows<OnnxValue> windows)
    {
        var (map, layout) = (((OnnxWindows)windows).Map, ((OnnxWindows)windows).Layout);
        var rows = Reshape(tokens, map[0], _sizes.Multiply(layout.Windows, tokens.Shape[1]), map[3]);                            // [B, nW·M², C]
        return Reshape(GatherPositions(rows, layout.JoinIndex, _sizes.Multiply(map[1], map[2])), map);
    }

    public override OnnxValue WindowAttention(OnnxValue qkv, Windows<OnnxValue> windows, int heads, Parameter biasTable)
    {
        var w = (OnnxWindows)windows;
        var bias = RelativeBias(biasTable, w.Grid.Size, heads);                                                                  // [1, heads, M², M²]
        if (w.Grid.Shift > 0) bias = _graph.Node("Add", [bias, w.Layout.Mask(w.Map[0], Apart)]);                                 // [B·nW, heads, M², M²]
        return Attention(qkv, heads, bias);
    }

    public override OnnxValue MergePatches(OnnxValue x)
    {
        var layout = new OnnxWindowLayout(_graph, _sizes, x.Shape[1], x.Shape[2], new(Size: 2, Shift: 0));
        var rows = GatherPositions(WithZeroRow(x), layout.SplitIndexByColumns, _sizes.Multiply(layout.Windows, 4));              // [B, H/2·W/2·4, C]
        return Reshape(rows, x.Shape[0], layout.Count.Rows, layout.Count.Columns, 4 * x.Shape[3].Known);
    }

    /// <summary>[B, H, W, C] → [B, H·W + 1, C]: what lies in the padding is one row of zeros at the end.</summary>
    private OnnxValue WithZeroRow(OnnxValue x)
    {
        var rows = Reshape(x, x.Shape[0], _sizes.Multiply(x.Shape[1], x.Shape[2]), x.Shape[3]);
        return Node("Pad", [rows.Shape[0], _sizes.Add(rows.Shape[1], 1), rows.Shape[2]], [rows.Name, _graph.Integers(0, 0, 0, 0, 1, 0)]);
    }

    /// <summary>[B, n, C] and int64 [m] → [B, m, C].</summary>
    private OnnxValue GatherPositions(OnnxValue x, string index, OnnxExtent count) =>
        Node("Gather", [x.Shape[0], count, x.Shape[2]], [x.Name, index], OnnxAttribute.Int("axis", 1));

    /// <summary>[1, heads, M², M²]: for each pair of positions, the bias of their offset. It depends on weights alone: ONNX Runtime computes it on loading.</summary>
    private string RelativeBias(Parameter table, int side, int heads)
    {
        var index = _graph.Store(OnnxTensor.Of($"constant/relative_positions({side})", [side * side * side * side], WindowIndex.RelativePositions(side)));
        var rows = _graph.Node("Gather", [Store(table), index], OnnxAttribute.Int("axis", 0));                                   // [M⁴, heads]
        var byHead = _graph.Node("Transpose", [rows], OnnxAttribute.Ints("perm", 1, 0));
        return _graph.Node("Reshape", [byHead, _graph.Integers(1, heads, side * side, side * side)]);
    }
}
