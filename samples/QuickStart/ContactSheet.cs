using SkiaSharp;

namespace QuickStart;

/// <summary>Several pictures as one, so that a run can be judged at a glance.</summary>
internal static class ContactSheet
{
    private const int Columns = 4;
    private const int Rows = 3;
    private const int Side = 240;
    private const int Gap = 6;

    /// <summary>Puts the first twelve pictures into one.</summary>
    public static void Save(IReadOnlyList<string> pictures, string path)
    {
        using var sheet = new SKBitmap(Columns * (Side + Gap) - Gap, Rows * (Side + Gap) - Gap);
        using var canvas = new SKCanvas(sheet);
        canvas.Clear(SKColors.White);
        foreach (var (i, picture) in pictures.Take(Columns * Rows).Index())
        {
            using var image = SKImage.FromEncodedData(picture);
            var scale = (float)Side / Math.Max(image.Width, image.Height);
            var place = SKRect.Create(i % Columns * (Side + Gap), i / Columns * (Side + Gap), image.Width * scale, image.Height * scale);
            using var paint = new SKPaint { FilterQuality = SKFilterQuality.High };
            canvas.DrawImage(image, place, paint);
        }
        using var stream = File.Create(path);
        sheet.Encode(stream, SKEncodedImageFormat.Png, quality: 100);
    }
}
