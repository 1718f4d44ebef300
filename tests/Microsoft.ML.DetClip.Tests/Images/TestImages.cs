using SkiaSharp;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>Draws and encodes the images of these tests.</summary>
internal static class TestImages
{
    /// <summary>A bitmap whose pixel at (x, y) is what the function says.</summary>
    public static SKBitmap Draw(int width, int height, Func<int, int, SKColor> colour, SKAlphaType alpha = SKAlphaType.Unpremul)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, alpha));
        var pixels = new SKColor[width * height];
        for (var i = 0; i < pixels.Length; i++) pixels[i] = colour(i % width, i / width);
        bitmap.Pixels = pixels;
        return bitmap;
    }

    /// <summary>A black bitmap with a white rectangle that covers [left, right) x [top, bottom).</summary>
    public static SKBitmap Rectangle(int width, int height, SKRectI white)
    {
        var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Black);
        bitmap.Erase(SKColors.White, white);
        return bitmap;
    }

    public static byte[] Encode(SKBitmap bitmap, SKEncodedImageFormat format = SKEncodedImageFormat.Png)
    {
        using var data = bitmap.Encode(format, 100);
        return data.ToArray();
    }

    /// <summary>
    /// Rearranges an upright bitmap into what a camera stores under the orientation. The table of the EXIF standard says which edge of the
    /// upright picture the stored row 0 and column 0 are: 1 top left, 2 top right, 3 bottom right, 4 bottom left, 5 left top, 6 right top, …
    /// </summary>
    public static SKBitmap Store(SKBitmap upright, int orientation)
    {
        var (w, h) = (upright.Width, upright.Height);
        return orientation switch
        {
            1 => Draw(w, h, (column, row) => upright.GetPixel(column, row)),
            2 => Draw(w, h, (column, row) => upright.GetPixel(w - 1 - column, row)),
            3 => Draw(w, h, (column, row) => upright.GetPixel(w - 1 - column, h - 1 - row)),
            4 => Draw(w, h, (column, row) => upright.GetPixel(column, h - 1 - row)),
            5 => Draw(h, w, (column, row) => upright.GetPixel(row, column)),
            6 => Draw(h, w, (column, row) => upright.GetPixel(w - 1 - row, column)),
            7 => Draw(h, w, (column, row) => upright.GetPixel(w - 1 - row, h - 1 - column)),
            8 => Draw(h, w, (column, row) => upright.GetPixel(row, h - 1 - column)),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation)),
        };
    }
}
