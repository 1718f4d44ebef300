using Microsoft.ML.DetClip;
using SkiaSharp;

namespace OpenWorldRuns;

/// <summary>Pictures in rows and columns, with boxes and names.</summary>
internal static class ContactSheet
{
    private const int Columns = 4, Rows = 4, Side = 300, Gap = 6;

    /// <summary>Draws as many pictures as there is room for.</summary>
    /// <param name="path">The PNG file.</param>
    /// <param name="pictures">Square images and what is on them, boxes in their pixels.</param>
    public static void Save(string path, IEnumerable<(string Image, IEnumerable<(Box Box, string Name)> Objects)> pictures)
    {
        using var sheet = new SKBitmap(Columns * (Side + Gap) - Gap, Rows * (Side + Gap) - Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.White);
        foreach (var (i, picture) in pictures.Take(Columns * Rows).Index()) Draw(canvas, picture.Image, picture.Objects, i);
        using var stream = File.Create(path);
        sheet.Encode(stream, SKEncodedImageFormat.Png, quality: 100);
    }

    private static void Draw(SKCanvas canvas, string path, IEnumerable<(Box Box, string Name)> objects, int place)
    {
        using var image = SKImage.FromEncodedData(path);
        using var paint = new SKPaint { FilterQuality = SKFilterQuality.High, StrokeWidth = 1.5f, Style = SKPaintStyle.Stroke, Color = SKColors.White };
        using var shade = new SKPaint { Color = SKColors.Black.WithAlpha(150) };
        canvas.Save();
        canvas.Translate(place % Columns * (Side + Gap), place / Columns * (Side + Gap));
        canvas.DrawImage(image, SKRect.Create(Side, Side), paint);
        var scale = (float)Side / image.Width;
        foreach (var (box, label) in objects)
        {
            canvas.DrawRect(new(box.X0 * scale, box.Y0 * scale, box.X1 * scale, box.Y1 * scale), paint);
            var width = StrokeFont.Measure(label, 8);
            var (x, y) = (Math.Clamp(box.X0 * scale, 0, Side - width - 6), Math.Clamp(box.Y0 * scale, 0, Side - 14));
            canvas.DrawRect(SKRect.Create(x, y, width + 6, 14), shade);
            StrokeFont.Draw(canvas, label, x + 3, y + 11, 8, SKColors.White);
        }
        canvas.Restore();
    }
}
