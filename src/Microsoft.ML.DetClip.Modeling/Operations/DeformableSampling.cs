using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Stride, padding, dilation (row, column) and weight groups of a deformable convolution.</summary>
internal sealed record DeformableGeometry((int Y, int X) Stride, (int Y, int X) Padding, (int Y, int X) Dilation, int Groups = 1)
{
    /// <summary>3×3, keeping the size.</summary>
    public static DeformableGeometry Same3x3 { get; } = new((1, 1), (1, 1), (1, 1));
}

/// <summary>Modulated deformable convolution (Zhu et al. 2019, eq. 1): every tap's bilinear value, then one matrix product.</summary>
/// <remarks>
/// Taps are read by <see cref="DeformableKernel"/> where it can, else in stock operators: each value is a weighted sum of four rows of the
/// channels-last map, one embedding bag for all, the mask and the map's border living in the weights; twice as fast as grid sampling. Layout of offsets, mask and weight as in torchvision.ops.deform_conv2d.
/// B images, C and O channels in and out, P = kh·kw taps, G offset groups, h×w positions out.
/// </remarks>
internal static class DeformableSampling
{
    private static readonly jit.CompilationUnit Script = jit.compile("""
        def weighted_rows(table: Tensor, index: Tensor, weight: Tensor) -> Tensor:
            starts = torch.arange(0, index.numel(), 4, device=index.device)
            return torch.embedding_bag(table, index, starts, False, 0, False, weight)[0]

        """);

    /// <param name="x">[B, C, H, W].</param>
    /// <param name="offsets">(dy, dx) pairs, [B, 2·G·P, h, w].</param>
    /// <param name="mask">[B, G·P, h, w]; null means ones.</param>
    /// <param name="weight">[O, C / groups, kh, kw]. The product is computed in its number format, which may be narrower than the map's.</param>
    /// <param name="bias">[O], or null.</param>
    /// <param name="geometry">Stride, padding, dilation, groups.</param>
    /// <returns>[B, O, h, w]</returns>
    public static Tensor Convolve(Tensor x, Tensor offsets, Tensor? mask, Tensor weight, Tensor? bias, DeformableGeometry geometry) =>
        Convolve(x, offsets, mask, weight, bias, geometry, kernel: DeformableKernel.CanRead(x));

    /// <summary>The same with or without <see cref="DeformableKernel"/>.</summary>
    internal static Tensor Convolve(Tensor x, Tensor offsets, Tensor? mask, Tensor weight, Tensor? bias, DeformableGeometry geometry, bool kernel)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (offsets.shape[2], offsets.shape[3]);
        var taps = new TapGrid((int)weight.shape[2], (int)weight.shape[3], geometry);
        var columns = kernel ? KernelColumns(x, offsets, mask, taps) : StockColumns(x, offsets, mask, taps); // [B, h·w, P, C]
        var y = Combine(columns.to(weight.dtype), weight, geometry.Groups);                           // [B, h·w, O]
        if (bias is not null) y = y.Plus(bias);
        return y.unflatten(1, height, width).permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    private static Tensor KernelColumns(Tensor x, Tensor offsets, Tensor? mask, TapGrid taps)
    {
        var ordered = offsets.permute(0, 2, 3, 1);                                    // [B, h, w, 2·G·P]
        var factors = mask?.permute(0, 2, 3, 1) ?? ones([.. ordered.shape[..3], ordered.shape[3] / 2], device: x.device);
        return DeformableKernel.Sample(x.permute(0, 2, 3, 1), ordered, factors, taps);
    }

    private static Tensor StockColumns(Tensor x, Tensor offsets, Tensor? mask, TapGrid taps)
    {
        var (batch, channels, positions) = (x.shape[0], x.shape[1], offsets.shape[2] * offsets.shape[3]);
        return Sample(x, offsets, mask, taps.KernelWidth, taps.Count, taps.Geometry)  // [B·h·w·G·P, C / G]
            .view(batch, positions, -1, taps.Count, channels / (offsets.shape[1] / 2 / taps.Count)) // [B, h·w, G, P, C / G]
            .transpose(2, 3)
            .reshape(batch, positions, taps.Count, channels);                         // [B, h·w, P, C]
    }

    /// <summary>Every tap's bilinear value: rows ordered (image, position, offset group, tap).</summary>
    private static Tensor Sample(Tensor x, Tensor offsets, Tensor? mask, long kernelWidth, long taps, DeformableGeometry geometry)
    {
        var (batch, channels, mapHeight, mapWidth) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        var groups = offsets.shape[1] / 2 / taps;
        var (y, xx) = Positions(offsets, kernelWidth, taps, geometry);                // [B, G, P, h, w]
        var (top, left) = (y.detach().floor(), xx.detach().floor());
        var (low, high) = (y - top, xx - left);
        var weights = stack([low.OneMinus() * high.OneMinus(), low.OneMinus() * high, low * high.OneMinus(), low * high], -1); // [B, G, P, h, w, 4]
        if (mask is not null) weights = weights * mask.view(batch, groups, taps, mask.shape[2], mask.shape[3], 1);
        var (index, inside) = Corners(top, left, mapHeight, mapWidth);
        weights = weights * inside.to(weights.dtype);
        var firstRow = (Range(batch * groups, int64, x.device) * Number(mapHeight * mapWidth)).view(batch, groups, 1, 1, 1, 1);
        var table = x.view(batch, groups, channels / groups, mapHeight * mapWidth).transpose(2, 3).reshape(-1, channels / groups); // [B·G·H·W, C / G]
        return (Tensor)Script.invoke("weighted_rows", table, ByPosition(index.Plus(firstRow)), ByPosition(weights));
    }

    /// <summary>[B, G, P, h, w, 4] → a vector ordered (image, position, group, tap, corner).</summary>
    private static Tensor ByPosition(Tensor x) => x.permute(0, 3, 4, 1, 2, 5).reshape(-1);

    /// <summary>Where each tap looks, in positions of the map: rows and columns, [B, G, P, h, w].</summary>
    private static (Tensor Y, Tensor X) Positions(Tensor offsets, long kernelWidth, long taps, DeformableGeometry g)
    {
        var (batch, height, width) = (offsets.shape[0], offsets.shape[2], offsets.shape[3]);
        var pairs = offsets.view(batch, -1, taps, 2, height, width).unbind(3);        // (dy, dx), each [B, G, P, h, w]
        var tap = Range(taps, offsets.dtype, offsets.device);
        var (tapRow, tapColumn) = (tap.div(Number(kernelWidth), RoundingMode.floor), tap.remainder(Number(kernelWidth)));
        var rows = (Range(height, offsets.dtype, offsets.device) * Number(g.Stride.Y) - Number(g.Padding.Y)).view(1, -1, 1).Plus((tapRow * Number(g.Dilation.Y)).view(-1, 1, 1));
        var columns = (Range(width, offsets.dtype, offsets.device) * Number(g.Stride.X) - Number(g.Padding.X)).view(1, 1, -1).Plus((tapColumn * Number(g.Dilation.X)).view(-1, 1, 1));
        return (pairs[0].Plus(rows), pairs[1].Plus(columns));
    }

    /// <summary>Rows of the flattened map under the four corners of each place, and whether they lie on the map: [B, G, P, h, w, 4].</summary>
    private static (Tensor Index, Tensor Inside) Corners(Tensor top, Tensor left, long mapHeight, long mapWidth)
    {
        using var frozen = no_grad();
        var y = stack([top, top, top.Plus(1), top.Plus(1)], -1);
        var x = stack([left, left.Plus(1), left, left.Plus(1)], -1);
        var inside = y.ge(Number(0)).logical_and(y.lt(Number(mapHeight))).logical_and(x.ge(Number(0))).logical_and(x.lt(Number(mapWidth)));
        var index = y.clamp(Number(0), Number(mapHeight - 1)).to(int64).mul(Number(mapWidth)).Plus(x.clamp(Number(0), Number(mapWidth - 1)).to(int64));
        return (index, inside);
    }

    /// <summary>[B, h·w, P, C] and [O, C / groups, kh, kw] → [B, h·w, O].</summary>
    private static Tensor Combine(Tensor columns, Tensor weight, int groups)
    {
        var (batch, positions, taps, channels) = (columns.shape[0], columns.shape[1], columns.shape[2], columns.shape[3]);
        var kernel = weight.flatten(2).transpose(1, 2);                               // [O, P, C / groups]
        if (groups == 1) return columns.flatten(2).matmul(kernel.flatten(1).t());
        var split = columns.view(batch, positions, taps, groups, channels / groups).permute(3, 0, 1, 2, 4).flatten(3).flatten(1, 2); // [groups, B·h·w, P·C / groups]
        var kernels = kernel.flatten(1).view(groups, -1, taps * channels / groups);   // [groups, O / groups, P·C / groups]
        return split.bmm(kernels.transpose(1, 2)).transpose(0, 1).reshape(batch, positions, -1);
    }
}
