using System.Buffers;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>Decodes images to what a person sees: upright by their EXIF orientation, transparent parts over white, three colours of 8 bits.</summary>
/// <remarks>
/// JPEG (gray and CMYK too), PNG, WebP, GIF (its first picture), BMP and ICO. Unlike <see cref="MLImage.CreateFromFile"/>, which ignores the
/// orientation, keeps premultiplied transparency and takes a half-loaded file for whole. Stored colour profiles are not applied.
/// The images are Bgra32 with alpha 255, and the caller's to dispose. Thread-safe.
/// </remarks>
public static class ImageDecoder
{
    /// <summary>The most pixels an image may have unless a call says otherwise.</summary>
    public const int DefaultMaxPixels = 200_000_000;

    /// <summary>Decodes a file.</summary>
    /// <param name="path">The file; becomes the image's <see cref="MLImage.Tag"/>.</param>
    /// <param name="maxPixels">Images with more pixels are refused before they take memory.</param>
    /// <exception cref="FileNotFoundException">There is no such file (a missing folder: <see cref="DirectoryNotFoundException"/>).</exception>
    /// <exception cref="ImageDecodingException">The file is not a whole image of a known format, or is too large.</exception>
    public static MLImage FromFile(string path, int maxPixels = DefaultMaxPixels)
    {
        using var file = File.OpenHandle(path);
        var length = checked((int)RandomAccess.GetLength(file));
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var read = 0;
            for (int count; (count = RandomAccess.Read(file, buffer.AsSpan(read, length - read), read)) > 0;) read += count;
            return FromBytes(buffer.AsMemory(0, read), path, maxPixels);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Decodes the rest of a stream.</summary>
    /// <param name="stream">Read to its end; stays open.</param>
    /// <param name="name">What messages call the image; becomes its <see cref="MLImage.Tag"/>.</param>
    /// <param name="maxPixels">Images with more pixels are refused before they take memory.</param>
    /// <exception cref="ImageDecodingException">The bytes are not a whole image of a known format, or it is too large.</exception>
    public static MLImage FromStream(Stream stream, string name, int maxPixels = DefaultMaxPixels)
    {
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return FromBytes(copy.GetBuffer().AsMemory(0, (int)copy.Length), name, maxPixels);
    }

    /// <summary>Decodes an encoded image in memory.</summary>
    /// <param name="encoded">The bytes of an image file.</param>
    /// <param name="name">What messages call the image; becomes its <see cref="MLImage.Tag"/>.</param>
    /// <param name="maxPixels">Images with more pixels are refused before they take memory.</param>
    /// <exception cref="ImageDecodingException">The bytes are not a whole image of a known format, or it is too large.</exception>
    public static unsafe MLImage FromBytes(ReadOnlyMemory<byte> encoded, string name, int maxPixels = DefaultMaxPixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxPixels);
        if (encoded.IsEmpty) throw Empty(name);
        using var pin = encoded.Pin();
        using var data = SKData.Create((nint)pin.Pointer, encoded.Length); // not copied, so it must not outlive the pin
        using var codec = Check(SKCodec.Create(new SKMemoryStream(data), out var result), result, name);
        CheckSize(codec, name, maxPixels);
        var image = codec.EncodedOrigin == SKEncodedOrigin.TopLeft && codec.Info.AlphaType == SKAlphaType.Opaque
            ? DecodeUpright(codec, name)
            : DecodeAndTurn(codec, name);
        image.Tag = name;
        return image;
    }

    /// <summary>Size of an image file, from its header alone.</summary>
    /// <exception cref="FileNotFoundException">There is no such file (a missing folder: <see cref="DirectoryNotFoundException"/>).</exception>
    /// <exception cref="ImageDecodingException">The file does not begin like an image of a known format.</exception>
    public static ImageSize Peek(string path)
    {
        using var file = File.OpenRead(path);
        if (file.Length == 0) throw Empty(path);
        using var codec = Check(SKCodec.Create(file, out var result), result, path);
        return ImageOrientation.Upright(codec.EncodedOrigin, codec.Info.Width, codec.Info.Height);
    }

    private static MLImage DecodeUpright(SKCodec codec, string name)
    {
        var info = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        return Pixels(info, pixels => CheckWhole(codec.GetPixels(info, pixels), name));
    }

    private static MLImage DecodeAndTurn(SKCodec codec, string name)
    {
        var stored = new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Bgra8888, SKAlphaType.Premul);
        using var bitmap = new SKBitmap(stored);
        CheckWhole(codec.GetPixels(stored, bitmap.GetPixels()), name);
        var upright = ImageOrientation.Upright(codec.EncodedOrigin, stored.Width, stored.Height);
        var info = new SKImageInfo(upright.Width, upright.Height, SKColorType.Bgra8888, SKAlphaType.Premul);
        return Pixels(info, pixels =>
        {
            using var surface = SKSurface.Create(info, pixels);
            surface.Canvas.Clear(SKColors.White);
            surface.Canvas.SetMatrix(ImageOrientation.Matrix(codec.EncodedOrigin, stored.Width, stored.Height));
            surface.Canvas.DrawBitmap(bitmap, 0, 0);
        });
    }

    private static unsafe MLImage Pixels(SKImageInfo info, Action<nint> fill)
    {
        var pixels = ArrayPool<byte>.Shared.Rent(info.BytesSize);
        try
        {
            fixed (byte* start = pixels) fill((nint)start);
            return MLImage.CreateFromPixels(info.Width, info.Height, MLPixelFormat.Bgra32, pixels.AsSpan(0, info.BytesSize));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(pixels);
        }
    }

    private static SKCodec Check(SKCodec? codec, SKCodecResult result, string name) => codec ?? throw (result == SKCodecResult.IncompleteInput
        ? new ImageDecodingException(ImageDecodingError.Truncated, name, "ends within its header; copy or download it again")
        : new ImageDecodingException(ImageDecodingError.NotAnImage, name, "is of no known format (JPEG, PNG, WebP, GIF, BMP, ICO) or its header is damaged"));

    private static void CheckSize(SKCodec codec, string name, int maxPixels)
    {
        const int MostPixelsOfMLImage = int.MaxValue / 4;
        var size = new ImageSize(codec.Info.Width, codec.Info.Height);
        var limit = Math.Min(maxPixels, MostPixelsOfMLImage);
        if (size.Pixels > limit)
            throw new ImageDecodingException(ImageDecodingError.TooLarge, name, $"has {size} = {size.Pixels:N0} pixels, more than the allowed {limit:N0}");
    }

    private static void CheckWhole(SKCodecResult result, string name)
    {
        if (result == SKCodecResult.Success) return;
        throw result == SKCodecResult.IncompleteInput
            ? new ImageDecodingException(ImageDecodingError.Truncated, name, "ends before its last pixel; copy or download it again")
            : new ImageDecodingException(ImageDecodingError.Corrupt, name, $"is damaged ({result})");
    }

    private static ImageDecodingException Empty(string name) => new(ImageDecodingError.Empty, name, "has no bytes");
}
