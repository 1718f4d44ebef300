using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Windows of a map and how they lie on it.</summary>
/// <param name="Tokens">[B·nW, M², C].</param>
/// <param name="Grid">Side and shift.</param>
/// <param name="Map">Shape of the map, [B, H, W, C].</param>
/// <param name="Rows">Padded height.</param>
/// <param name="Columns">Padded width.</param>
/// <param name="RowShift">Rows rolled; 0 where one window covers the height.</param>
/// <param name="ColumnShift">Columns rolled; 0 where one window covers the width.</param>
internal sealed record TorchWindows(
    Tensor Tokens, WindowGrid Grid, long[] Map, long Rows, long Columns, long RowShift, long ColumnShift) : Windows<Tensor>(Tokens, Grid);

internal sealed partial class TorchOps
{
    /// <summary>Added to the attention between positions that only the roll made neighbours.</summary>
    private const float Apart = -100;

    public override Windows<Tensor> WindowSplit(Tensor x, WindowGrid grid)
    {
        var map = x.shape;
        var (bottom, right) = (Missing(map[1], grid.Size), Missing(map[2], grid.Size));
        if (bottom != 0 || right != 0) x = functional.pad(x, [0, 0, 0, right, 0, bottom]);
        var (rows, columns) = (x.shape[1], x.shape[2]);
        var (rowShift, columnShift) = (rows > grid.Size ? grid.Shift : 0, columns > grid.Size ? grid.Shift : 0);
        if (rowShift != 0 || columnShift != 0) x = x.roll([-rowShift, -columnShift], [1, 2]);
        var tokens = x.view(map[0], rows / grid.Size, grid.Size, columns / grid.Size, grid.Size, map[3])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(-1, grid.Size * grid.Size, map[3]);      // [B·nW, M², C]
        return new TorchWindows(tokens, grid, map, rows, columns, rowShift, columnShift);
    }

    public override Tensor WindowJoin(Tensor tokens, Windows<Tensor> windows)
    {
        var w = (TorchWindows)windows;
        var size = w.Grid.Size;
        var x = tokens.view(w.Map[0], w.Rows / size, w.Columns / size, size, size, w.Map[3])
            .permute(0, 1, 3, 2, 4, 5)
            .reshape(w.Map[0], w.Rows, w.Columns, w.Map[3]);  // [B, H', W', C]
        if (w.RowShift != 0 || w.ColumnShift != 0) x = x.roll([w.RowShift, w.ColumnShift], [1, 2]);
        return w.Rows == w.Map[1] && w.Columns == w.Map[2] ? x : x.narrow(1, 0, w.Map[1]).narrow(2, 0, w.Map[2]);
    }

    public override Tensor WindowAttention(Tensor qkv, Windows<Tensor> windows, int heads, Parameter biasTable)
    {
        var w = (TorchWindows)windows;
        var bias = RelativeBias(biasTable, w.Grid.Size);                             // [1, heads, M², M²]
        var mask = w.RowShift == 0 && w.ColumnShift == 0 ? null : ShiftMask(w, qkv); // [nW, 1, M², M²]
        var (q, k, v) = SplitHeads(qkv, heads);                                      // [B·nW, heads, M², d]
        return JoinHeads(training || is_grad_enabled() ? Attend(q, k, v, bias, mask) : AttendFused(q, k, v, bias, mask));
    }

    /// <summary>Attention step by step, scores in float32. They are added to in place: their product needs its factors for its gradient, not its value.</summary>
    private static Tensor Attend(Tensor q, Tensor k, Tensor v, Tensor bias, Tensor? mask)
    {
        var scores = (q * Number(Math.Pow(q.shape[3], -0.5))).matmul(k.transpose(-2, -1)).AtLeastFloat32(); // [B·nW, heads, M², M²]
        scores.add_(bias, Number(1));
        if (mask is not null) scores.unflatten(0, -1, mask.shape[0]).add_(mask, Number(1));     // [B, nW, heads, M², M²]
        return scores.softmax(-1).to(v.dtype).matmul(v);                             // [B·nW, heads, M², d]
    }

    /// <summary>The same in one pass, a third faster; its gradient with respect to the bias is slower than the step-by-step form's.</summary>
    private static Tensor AttendFused(Tensor q, Tensor k, Tensor v, Tensor bias, Tensor? mask)
    {
        if (mask is not null) bias = bias.Plus(mask).repeat(q.shape[0] / mask.shape[0], 1, 1, 1); // [B·nW, heads, M², M²]
        return functional.scaled_dot_product_attention(q, k, v, bias);
    }

    /// <summary>[1, heads, M², M²]: for each pair of positions, the bias of their offset.</summary>
    private static Tensor RelativeBias(Parameter table, int size)
    {
        var index = tensor(WindowIndex.RelativePositions(size), device: table.device);
        return table.index_select(0, index).view(size * size, size * size, -1).permute(2, 0, 1).unsqueeze(0);
    }

    /// <summary>[nW, 1, M², M²]: 0 between positions that lay together before the roll, <see cref="Apart"/> elsewhere.</summary>
    private static Tensor ShiftMask(TorchWindows w, Tensor like)
    {
        var size = w.Grid.Size;
        var rows = Bands(w.Rows, size, w.RowShift, like.device);                     // [H']
        var columns = Bands(w.Columns, size, w.ColumnShift, like.device);            // [W']
        var region = (rows.unsqueeze(1) * Number(3)).Plus(columns.unsqueeze(0))                  // [H', W']
            .view(w.Rows / size, size, w.Columns / size, size)
            .permute(0, 2, 1, 3)
            .reshape(-1, size * size);                                               // [nW, M²]
        return region.unsqueeze(1).ne(region.unsqueeze(2)).to(like.dtype).mul(Number(Apart)).unsqueeze(1);
    }

    /// <summary>Which of three bands a position of a rolled axis belongs to: before the last window, in it, or wrapped around.</summary>
    private static Tensor Bands(long length, int size, long shift, Device device)
    {
        var position = Range(length, int64, device);
        return shift == 0 ? zeros_like(position) : position.ge(Number(length - size)).to(int64).Plus(position.ge(Number(length - shift)).to(int64));
    }
}
