using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>Images for <see cref="ToyDetector"/>: coloured rectangles on black.</summary>
internal sealed class ToyImage(int width, int height, params (SKColor Colour, Box Box)[] rectangles)
{
    public static readonly SKColor Red = new(255, 0, 0);
    public static readonly SKColor Green = new(0, 255, 0);
    public static readonly SKColor Blue = new(0, 0, 255);

    /// <summary>An image with one red rectangle.</summary>
    public static ToyImage WithRed(int width, int height, Box box) => new(width, height, (Red, box));

    public byte[] ToPng() => Encode(Draw(), SKEncodedImageFormat.Png);

    /// <summary>A JPEG file that a viewer must turn to see this image upright.</summary>
    /// <param name="orientation">EXIF orientation, 1 to 8.</param>
    public byte[] ToJpeg(int orientation)
    {
        using var upright = Draw();
        using var stored = Stored(upright, orientation);
        var jpeg = Encode(stored, SKEncodedImageFormat.Jpeg);
        byte[] tiff = [.. "MM\0*"u8, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

    public string Save(TemporaryFolder folder, string name = "image.png")
    {
        var path = folder.PathOf(name);
        File.WriteAllBytes(path, ToPng());
        return path;
    }

    public MLImage ToMLImage() => MLImage.CreateFromStream(new MemoryStream(ToPng()));

    private SKBitmap Draw()
    {
        var bitmap = new SKBitmap(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Black);
        foreach (var (colour, box) in rectangles)
        {
            using var paint = new SKPaint { Color = colour, IsAntialias = false };
            canvas.DrawRect(new SKRect(box.X0, box.Y0, box.X1, box.Y1), paint);
        }
        return bitmap;
    }

    /// <summary>How a camera stores the image: its first row is the upright image's top, right, ... by the orientation.</summary>
    private static SKBitmap Stored(SKBitmap upright, int orientation)
    {
        var (w, h) = (upright.Width, upright.Height);
        var turned = orientation >= 5;
        var stored = new SKBitmap(turned ? h : w, turned ? w : h, SKColorType.Bgra8888, SKAlphaType.Opaque);
        for (var y = 0; y < stored.Height; y++)
            for (var x = 0; x < stored.Width; x++)
            {
                var (ux, uy) = orientation switch
                {
                    2 => (w - 1 - x, y),
                    3 => (w - 1 - x, h - 1 - y),
                    4 => (x, h - 1 - y),
                    5 => (y, x),
                    6 => (w - 1 - y, x),
                    7 => (w - 1 - y, h - 1 - x),
                    8 => (y, h - 1 - x),
                    _ => (x, y),
                };
                stored.SetPixel(x, y, upright.GetPixel(ux, uy));
            }
        return stored;
    }

    private static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format)
    {
        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }
}
