using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Deformable sampling in single precision on a CPU: one pass over the taps, forward and back, where stock operators need thirty over tensors of indices and weights.</summary>
/// <remarks>
/// Images are spread over threads; nothing is shared between them, so results do not depend on how many threads there are.
/// B images, H×W map, h×w positions, G offset groups, P taps, C channels.
/// </remarks>
internal sealed class DeformableKernel : autograd.SingleTensorFunction<DeformableKernel>
{
    /// <inheritdoc/>
    public override string Name => nameof(DeformableKernel);

    /// <summary>Whether the kernel can read a map.</summary>
    public static bool CanRead(Tensor map) => map.device_type == DeviceType.CPU && map.dtype == ScalarType.Float32;

    /// <summary>Every tap's bilinear value times its mask.</summary>
    /// <param name="map">[B, H, W, C].</param>
    /// <param name="offsets">(dy, dx) of each tap, [B, h, w, 2·G·P].</param>
    /// <param name="mask">[B, h, w, G·P].</param>
    /// <param name="taps">Where taps lie without offsets.</param>
    /// <returns>[B, h·w, P, C]</returns>
    public static Tensor Sample(Tensor map, Tensor offsets, Tensor mask, TapGrid taps) => apply(map.contiguous(), offsets.contiguous(), mask.contiguous(), taps);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (map, offsets, mask, taps) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (TapGrid)vars[3]);
        ctx.save_for_backward([map, offsets, mask]);
        ctx.save_data(nameof(TapGrid), taps);
        var columns = empty(map.shape[0], offsets.shape[1] * offsets.shape[2], taps.Count, map.shape[3]);
        ForEachImage([map, offsets, mask, columns], Layout.Of(map, offsets, taps), Forward);
        return columns;
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var saved = ctx.get_saved_variables();
        var (map, offsets, mask) = (saved[0], saved[1], saved[2]);
        var (mapGradient, offsetGradient, maskGradient) = (zeros_like(map), empty_like(offsets), empty_like(mask));
        var layout = Layout.Of(map, offsets, (TapGrid)ctx.get_data(nameof(TapGrid)));
        ForEachImage([map, offsets, mask, grad_output.contiguous(), mapGradient, offsetGradient, maskGradient], layout, Backward);
        return [mapGradient, offsetGradient, maskGradient, null!];
    }

    private static void Forward(Tensor[] image, Layout layout)
    {
        Span<float> map = Values(image[0]), offsets = Values(image[1]), mask = Values(image[2]), columns = Values(image[3]);
        for (var tap = layout.First; tap.Index < mask.Length; tap.MoveNext())
        {
            var corners = layout.CornersOf(tap, offsets);
            corners.Interpolate(map[tap.Channel..], mask[tap.Index], columns.Slice(tap.Column, layout.GroupChannels));
        }
    }

    private static void Backward(Tensor[] image, Layout layout)
    {
        Span<float> map = Values(image[0]), offsets = Values(image[1]), mask = Values(image[2]), gradient = Values(image[3]);
        Span<float> mapGradient = Values(image[4]), offsetGradient = Values(image[5]), maskGradient = Values(image[6]);
        for (var tap = layout.First; tap.Index < mask.Length; tap.MoveNext())
        {
            var (i, factor) = (tap.Index, mask[tap.Index]);
            var corners = layout.CornersOf(tap, offsets);
            (maskGradient[i], var y, var x) = corners.Backward(map[tap.Channel..], factor, gradient.Slice(tap.Column, layout.GroupChannels), mapGradient[tap.Channel..]);
            (offsetGradient[2 * i], offsetGradient[2 * i + 1]) = (y * factor, x * factor);
        }
    }

    /// <summary>Runs an action on the tensors of each image.</summary>
    private static void ForEachImage(Tensor[] batch, Layout layout, Action<Tensor[], Layout> action)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var images = Enumerable.Range(0, (int)batch[0].shape[0]).Select(b => batch.Select(t => t[b]).ToArray()).ToArray();
        Parallel.ForEach(images, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, image => action(image, layout));
    }

    private static Span<float> Values(Tensor x) => MemoryMarshal.Cast<byte, float>(x.bytes);

    /// <summary>Sizes of an image's tensors.</summary>
    private sealed record Layout(TapGrid Taps, int Height, int Width, int Channels, int Columns, int Groups)
    {
        public int GroupChannels { get; } = Channels / Groups;

        public Tap First => new(this);

        public static Layout Of(Tensor map, Tensor offsets, TapGrid taps) =>
            new(taps, (int)map.shape[1], (int)map.shape[2], (int)map.shape[3], (int)offsets.shape[2], (int)offsets.shape[3] / 2 / taps.Count);

        public BilinearCorners CornersOf(in Tap tap, ReadOnlySpan<float> offsets)
        {
            var (y, x) = Taps.At(tap.Y, tap.X, tap.OfGroup);
            return new(y + offsets[2 * tap.Index], x + offsets[2 * tap.Index + 1], Height, Width, Channels);
        }
    }

    /// <summary>A tap and where its values lie; taps follow one another as masks lie in memory: by position, group, tap of the group.</summary>
    private struct Tap(Layout layout)
    {
        private int _group;

        public int Index { get; private set; }

        public int Y { get; private set; }

        public int X { get; private set; }

        public int OfGroup { get; private set; }

        /// <summary>First channel of the group.</summary>
        public readonly int Channel => _group * layout.GroupChannels;

        /// <summary>Where its result begins: results lie by position, tap, channel.</summary>
        public readonly int Column => ((Y * layout.Columns + X) * layout.Taps.Count + OfGroup) * layout.Channels + Channel;

        public void MoveNext()
        {
            Index++;
            if (++OfGroup < layout.Taps.Count) return;
            OfGroup = 0;
            if (++_group < layout.Groups) return;
            _group = 0;
            if (++X < layout.Columns) return;
            (X, Y) = (0, Y + 1);
        }
    }
}

/// <summary>Where the taps of a convolution lie, in positions of the map it reads.</summary>
internal sealed record TapGrid(int KernelHeight, int KernelWidth, DeformableGeometry Geometry)
{
    /// <summary>P: taps of a position.</summary>
    public int Count => KernelHeight * KernelWidth;

    /// <summary>Where a tap of the position (row, column) lies.</summary>
    public (int Y, int X) At(int row, int column, int tap) => (
        row * Geometry.Stride.Y - Geometry.Padding.Y + tap / KernelWidth * Geometry.Dilation.Y,
        column * Geometry.Stride.X - Geometry.Padding.X + tap % KernelWidth * Geometry.Dilation.X);
}
