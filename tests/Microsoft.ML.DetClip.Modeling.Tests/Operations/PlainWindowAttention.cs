using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Shifted-window attention without windows: every position of the padded map attends to every other, where the rule of Liu et al. 2021 allows it.</summary>
internal static class PlainWindowAttention
{
    /// <param name="map">[B, H, W, 3·C], queries, keys and values.</param>
    /// <param name="size">M.</param>
    /// <param name="shift">Positions by which windows are moved; 0 along an axis that one window covers.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="table">[(2M − 1)², heads].</param>
    /// <returns>[B, H, W, C]</returns>
    public static Tensor Compute(Tensor map, int size, int shift, int heads, Tensor table)
    {
        var (height, width) = ((int)map.shape[1], (int)map.shape[2]);
        var (rows, columns) = (RoundUp(height, size), RoundUp(width, size));
        var (batch, channels) = (map.shape[0], map.shape[3] / 3);
        var padded = nn.functional.pad(map, [0, 0, 0, columns - width, 0, rows - height]).view(batch, rows * columns, 3, heads, -1);
        var parts = padded.permute(2, 0, 3, 1, 4).unbind(0);                                     // each [B, heads, P, d]
        var (index, allowed) = Pairs(rows, columns, size, shift);
        var bias = table.index_select(0, index).view(rows * columns, rows * columns, heads).permute(2, 0, 1);
        var scores = parts[0].matmul(parts[1].transpose(-2, -1)) / Math.Sqrt(channels / heads) + bias;
        var weights = scores.masked_fill(allowed.logical_not(), double.NegativeInfinity).softmax(-1);
        var y = weights.matmul(parts[2]).transpose(1, 2).reshape(batch, rows, columns, channels);
        return y.narrow(1, 0, height).narrow(2, 0, width);
    }

    /// <summary>For every ordered pair of positions: the row of the bias table (0 where none), and whether one may see the other.</summary>
    private static (Tensor Index, Tensor Allowed) Pairs(int rows, int columns, int size, int shift)
    {
        var positions = rows * columns;
        var (index, allowed) = (new long[positions * positions], new bool[positions * positions]);
        for (var from = 0; from < positions; from++)
            for (var to = 0; to < positions; to++)
            {
                var down = Within(from / columns, to / columns, rows, size, shift);
                var right = Within(from % columns, to % columns, columns, size, shift);
                if (down is null || right is null) continue;
                allowed[from * positions + to] = true;
                index[from * positions + to] = (down.Value + size - 1) * (2 * size - 1) + right.Value + size - 1;
            }
        return (tensor(index), tensor(allowed, [positions, positions]));
    }

    /// <summary>from − to along one axis where both lie in one window, null elsewhere. Windows start at −(M − shift), so the first and the last are cut off by the border.</summary>
    private static int? Within(int from, int to, int length, int size, int shift)
    {
        if (length <= size) shift = 0;
        return (from + size - shift) / size == (to + size - shift) / size ? from - to : null;
    }

    private static int RoundUp(int length, int size) => (length + size - 1) / size * size;
}
