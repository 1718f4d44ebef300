using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip;

/// <summary>Turns an image into the network's input: resized, normalised, as planes of red, green and blue, zeros where the canvas is padded.</summary>
/// <remarks>
/// One pass over the image: each source row is resized horizontally once, and target rows are weighed out of the last few of them.
/// Buffers are pooled. The result does not depend on the machine or on other threads. Transparent pixels, which <see cref="MLImage"/> keeps
/// premultiplied, are put over white.
/// </remarks>
public static class PixelNormalizer
{
    /// <summary>Number of planes: red, green, blue.</summary>
    private const int Colours = 3;

    /// <summary>Writes (pixel − mean) / std of the resized image, antialiased bilinear, into <paramref name="destination"/>.</summary>
    /// <param name="image">Bgra32 or Rgba32, of the plan's source size.</param>
    /// <param name="plan">The sizes of source, content and canvas.</param>
    /// <param name="mean">Mean of R, G, B on a scale of 0 to 255.</param>
    /// <param name="std">Standard deviation of R, G, B on a scale of 0 to 255.</param>
    /// <param name="destination">float [3, CanvasHeight, CanvasWidth]; every element is written.</param>
    /// <param name="flip">Mirrors the content left to right; the padding stays at the right.</param>
    /// <exception cref="ArgumentException">A size does not fit.</exception>
    public static void Write(MLImage image, Letterbox plan, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, Span<float> destination, bool flip = false)
    {
        Check(image, plan, mean, std, destination);
        using var columns = new ResizeAxis(plan.SourceWidth, plan.ContentWidth, mirror: flip);
        using var rows = new ResizeAxis(plan.SourceHeight, plan.ContentHeight);
        var redFirst = image.PixelFormat == MLPixelFormat.Rgba32;
        var ringLength = rows.Taps * Colours * plan.ContentWidth;
        var ring = ArrayPool<float>.Shared.Rent(ringLength); // [Taps, 3, ContentWidth]: source row s is at s mod Taps
        var pixels = MemoryMarshal.Cast<byte, uint>(image.Pixels);
        try
        {
            var done = 0;
            for (var y = 0; y < plan.ContentHeight; y++)
            {
                var needed = rows.First(y) + rows.Taps;
                for (var s = Math.Max(done, rows.First(y)); s < needed; s++)
                    ResizeRow(pixels.Slice(s * plan.SourceWidth, plan.SourceWidth), columns, redFirst, RingRow(ring, s % rows.Taps, plan));
                done = needed;
                WriteRow(ring.AsSpan(0, ringLength), rows, y, plan, mean, std, destination);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(ring);
        }
        ClearBelow(plan, destination);
    }

    private static Span<float> RingRow(float[] ring, int slot, Letterbox plan) => ring.AsSpan(slot * Colours * plan.ContentWidth, Colours * plan.ContentWidth);

    /// <summary>One source row to planes [3, W], on a scale of 0 to 255.</summary>
    private static void ResizeRow(ReadOnlySpan<uint> source, in ResizeAxis columns, bool redFirst, Span<float> planes)
    {
        var width = planes.Length / Colours;
        var red = planes[..width];
        var green = planes.Slice(width, width);
        var blue = planes.Slice(2 * width, width);
        for (var x = 0; x < width; x++)
        {
            var pixel = WeighPixels(source[columns.First(x)..], columns.Weights(x));
            pixel += Vector128.Create(255 - pixel[3]); // over white
            red[x] = redFirst ? pixel[0] : pixel[2];
            green[x] = pixel[1];
            blue[x] = redFirst ? pixel[2] : pixel[0];
        }
    }

    /// <summary>Σ weight · pixel, for the four channels at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> WeighPixels(ReadOnlySpan<uint> pixels, ReadOnlySpan<float> weights)
    {
        var even = Vector128<float>.Zero;
        var odd = Vector128<float>.Zero;
        ref var pixel = ref MemoryMarshal.GetReference(pixels[..weights.Length]);
        var k = 0;
        for (; k + 1 < weights.Length; k += 2)
        {
            var two = Vector128.CreateScalar(Unsafe.ReadUnaligned<ulong>(ref Unsafe.As<uint, byte>(ref Unsafe.Add(ref pixel, k)))).AsByte();
            var (first, second) = Vector128.Widen(Vector128.WidenLower(two));
            even += Vector128.ConvertToSingle(first.AsInt32()) * weights[k];
            odd += Vector128.ConvertToSingle(second.AsInt32()) * weights[k + 1];
        }
        if (k == weights.Length) return even + odd;
        var last = Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalar(pixels[k]).AsByte()));
        return even + odd + Vector128.ConvertToSingle(last.AsInt32()) * weights[k];
    }

    /// <summary>One row of each plane of the destination: the weighed source rows, normalised, and zeros to the right of them.</summary>
    private static void WriteRow(ReadOnlySpan<float> ring, in ResizeAxis rows, int y, Letterbox plan, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, Span<float> destination)
    {
        for (var c = 0; c < Colours; c++)
        {
            var row = destination.Slice((c * plan.CanvasHeight + y) * plan.CanvasWidth, plan.CanvasWidth);
            WeighRows(ring[(c * plan.ContentWidth)..], Colours * plan.ContentWidth, rows.First(y), rows.Weights(y), 1 / std[c], -mean[c] / std[c], row[..plan.ContentWidth]);
            row[plan.ContentWidth..].Clear();
        }
    }

    /// <summary>target = factor · Σ weight · row + offset; the rows lie in a ring with the given stride.</summary>
    private static void WeighRows(ReadOnlySpan<float> ring, int stride, int first, ReadOnlySpan<float> weights, float factor, float offset, Span<float> target)
    {
        ref var source = ref MemoryMarshal.GetReference(ring);
        var x = 0;
        for (; x + Vector<float>.Count <= target.Length; x += Vector<float>.Count)
        {
            var sum = Vector<float>.Zero;
            for (int k = 0, slot = first % weights.Length; k < weights.Length; k++, slot = slot + 1 == weights.Length ? 0 : slot + 1)
                sum += Vector.LoadUnsafe(ref source, (nuint)(slot * stride + x)) * weights[k];
            (sum * factor + new Vector<float>(offset)).CopyTo(target[x..]);
        }
        for (; x < target.Length; x++)
        {
            float sum = 0;
            for (int k = 0, slot = first % weights.Length; k < weights.Length; k++, slot = slot + 1 == weights.Length ? 0 : slot + 1)
                sum += ring[slot * stride + x] * weights[k];
            target[x] = sum * factor + offset;
        }
    }

    private static void ClearBelow(Letterbox plan, Span<float> destination)
    {
        for (var c = 0; c < Colours; c++)
            destination[((c * plan.CanvasHeight + plan.ContentHeight) * plan.CanvasWidth)..((c + 1) * plan.CanvasHeight * plan.CanvasWidth)].Clear();
    }

    private static void Check(MLImage image, Letterbox plan, ReadOnlySpan<float> mean, ReadOnlySpan<float> std, Span<float> destination)
    {
        if (image.PixelFormat is not (MLPixelFormat.Bgra32 or MLPixelFormat.Rgba32))
            throw new ArgumentException($"The image is {image.PixelFormat}; Bgra32 or Rgba32 are read.", nameof(image));
        if ((image.Width, image.Height) != (plan.SourceWidth, plan.SourceHeight))
            throw new ArgumentException($"The image is {image.Width}x{image.Height}; the plan was made for {plan.SourceWidth}x{plan.SourceHeight}.", nameof(image));
        if (mean.Length != Colours || std.Length != Colours || std.Contains(0))
            throw new ArgumentException($"mean and std need {Colours} values each, std none of 0; they have {mean.Length} and {std.Length}.", nameof(mean));
        if (destination.Length != (long)Colours * plan.CanvasWidth * plan.CanvasHeight)
            throw new ArgumentException($"The destination has {destination.Length} elements; [3, {plan.CanvasHeight}, {plan.CanvasWidth}] are needed.", nameof(destination));
    }
}
