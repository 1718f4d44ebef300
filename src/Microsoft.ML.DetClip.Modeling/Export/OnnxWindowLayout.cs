namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How windows lie on an H×W map, as values of the graph: each is computed once for a map size and grid, and only if it is asked for.</summary>
/// <remarks>M window side, H'×W' the map padded to whole windows, nW windows. Positions count in reading order; H·W stands for padding.</remarks>
internal sealed class OnnxWindowLayout(OnnxGraph graph, OnnxSizes sizes, OnnxExtent height, OnnxExtent width, WindowGrid grid)
{
    private readonly OnnxWindowAxis _rows = new(graph, sizes, height, grid);
    private readonly OnnxWindowAxis _columns = new(graph, sizes, width, grid);

    /// <summary>Windows of a column and of a row.</summary>
    public (OnnxExtent Rows, OnnxExtent Columns) Count => (_rows.Count, _columns.Count);

    /// <summary>nW.</summary>
    public OnnxExtent Windows => sizes.Multiply(_rows.Count, _columns.Count);

    /// <summary>For each position of each window, where on the map it comes from: int64 [nW·M²].</summary>
    public string SplitIndex => Shared("split", () => Cut(Source, [-1], 0, 2, 1, 3));

    /// <summary>As <see cref="SplitIndex"/>, but within a window column by column.</summary>
    public string SplitIndexByColumns => Shared("split by columns", () => Cut(Source, [-1], 0, 2, 3, 1));

    /// <summary>For each position of the map, where in the windows it went: int64 [H·W].</summary>
    public string JoinIndex => Shared("join", () =>
    {
        var (side, area) = (graph.Integer(grid.Size), graph.Integer(grid.Size * grid.Size));
        var rowOfWindows = sizes.Scalar(sizes.Multiply(_columns.Count, grid.Size * grid.Size));                          // positions in a row of windows
        var row = graph.Node("Add", [graph.Node("Mul", [Window(_rows), rowOfWindows]), graph.Node("Mul", [Within(_rows), side])]);
        var column = graph.Node("Add", [graph.Node("Mul", [Window(_columns), area]), Within(_columns)]);
        return graph.Node("Reshape", [graph.Node("Add", [Column(row), column]), graph.Integers(-1)]);
    });

    /// <summary>0 between positions of a window that lay together before the roll, elsewhere the given number: float [B·nW, 1, M², M²], the same for every image.</summary>
    public string Mask(OnnxExtent images, double apart) => Shared($"mask {OnnxSizes.Text(images)}", () =>
    {
        var region = graph.Node("Add", [Column(graph.Node("Mul", [_rows.Band, graph.Integer(3)])), _columns.Band]);      // [H', W']
        var tokens = Cut(region, [1, -1, grid.Size * grid.Size], 0, 2, 1, 3);                                            // [1, nW, M²]
        var ofAll = graph.Node("Expand", [tokens, sizes.List(images, 1, 1)]);                                            // [B, nW, M²]
        var (to, from) = (graph.Node("Reshape", [ofAll, graph.Integers(-1, 1, 1, grid.Size * grid.Size)]), graph.Node("Reshape", [ofAll, graph.Integers(-1, 1, grid.Size * grid.Size, 1)]));
        return graph.Node("Where", [graph.Node("Equal", [to, from]), graph.Number(0), graph.Number(apart)]);
    });

    /// <summary>For each position of the padded and rolled map, where it comes from: int64 [H', W'].</summary>
    private string Source => Shared("source", () =>
    {
        var position = graph.Node("Add", [Column(graph.Node("Mul", [_rows.Source, sizes.Scalar(width)])), _columns.Source]);
        var inside = graph.Node("And", [Column(_rows.Inside), _columns.Inside]);
        return graph.Node("Where", [inside, position, sizes.Scalar(sizes.Multiply(height, width))]);
    });

    /// <summary>Cuts [H', W'] into windows, axes ordered as asked of (window row, row, window column, column).</summary>
    private string Cut(string map, long[] shape, params long[] order)
    {
        var cells = graph.Node("Reshape", [map, sizes.List(_rows.Count, grid.Size, _columns.Count, grid.Size)]);
        return graph.Node("Reshape", [graph.Node("Transpose", [cells], OnnxAttribute.Ints("perm", order)), graph.Integers(shape)]);
    }

    private string Window(OnnxWindowAxis axis) => graph.Node("Div", [axis.Rolled, graph.Integer(grid.Size)]);

    private string Within(OnnxWindowAxis axis) => graph.Node("Mod", [axis.Rolled, graph.Integer(grid.Size)]);

    private string Column(string vector) => graph.Node("Unsqueeze", [vector, graph.Integers(1)]);

    private string Shared(string what, Func<string> write) => sizes.Shared($"{what} {OnnxSizes.Text(height)} × {OnnxSizes.Text(width)}, {grid}", write);
}

/// <summary>One axis of a map that is padded, rolled and cut into windows.</summary>
internal sealed class OnnxWindowAxis(OnnxGraph graph, OnnxSizes sizes, OnnxExtent length, WindowGrid grid)
{
    /// <summary>Windows along the axis.</summary>
    public OnnxExtent Count => sizes.Divide(sizes.Add(length, grid.Size - 1), grid.Size);

    /// <summary>For each position of the padded and rolled axis, where it lay before the roll: int64 [n'].</summary>
    public string Source => grid.Shift == 0 ? sizes.Range(Padded) : Shared("source", () => Modulo(graph.Node("Add", [sizes.Range(Padded), Shift])));

    /// <summary>Whether <see cref="Source"/> is on the map and not in the padding: bool [n'].</summary>
    public string Inside => Shared("inside", () => graph.Node("Less", [Source, sizes.Scalar(length)]));

    /// <summary>For each position of the axis, where the roll put it: int64 [n].</summary>
    public string Rolled => grid.Shift == 0
        ? sizes.Range(length)
        : Shared("rolled", () => Modulo(graph.Node("Add", [sizes.Range(length), graph.Node("Sub", [sizes.Scalar(Padded), Shift])])));

    /// <summary>Which of three bands a position of the rolled axis belongs to: before the last window, in it, or wrapped around: int64 [n'].</summary>
    public string Band => Shared("band", () =>
    {
        var inLastWindow = From(sizes.Scalar(sizes.Subtract(Padded, grid.Size)));
        return graph.Node("Add", [inLastWindow, From(graph.Node("Sub", [sizes.Scalar(Padded), Shift]))]);
    });

    private OnnxExtent Padded => sizes.Multiply(Count, grid.Size);

    /// <summary>Positions rolled: none where one window covers the axis.</summary>
    private string Shift => Shared("shift", () =>
        graph.Node("Where", [graph.Node("Greater", [sizes.Scalar(Padded), graph.Integer(grid.Size)]), graph.Integer(grid.Shift), graph.Integer(0)]));

    /// <summary>1 at positions from the given one on, else 0.</summary>
    private string From(string start) => graph.Node("Cast", [graph.Node("GreaterOrEqual", [sizes.Range(Padded), start])], OnnxAttribute.Int("to", (long)OnnxType.Int64));

    private string Modulo(string position) => graph.Node("Mod", [position, sizes.Scalar(Padded)]);

    private string Shared(string what, Func<string> write) => sizes.Shared($"{what} {OnnxSizes.Text(length)}, {grid}", write);
}
