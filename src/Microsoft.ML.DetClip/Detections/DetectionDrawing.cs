using System.Globalization;
using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.DetClip;

/// <summary>Draws detections onto their image: a box and a plate with name and score, one colour for each name.</summary>
/// <remarks>Lines and letters grow with the image. On small images only the best detections have a plate, so that it is still seen what they are on. No font needs to be installed. The same input gives the same picture.</remarks>
public static class DetectionDrawing
{
    private const float SmallestCapHeight = 7;

    // Beyond this share of the image, plates would hide what they tell of.
    private const float MostPlates = 0.4f;

    /// <summary>A copy of the image with the detections drawn on it, the highest scores on top.</summary>
    /// <param name="image">The original image; unchanged.</param>
    /// <param name="detections">Boxes in pixels of this image; parts outside are not drawn.</param>
    /// <returns>Of the same size, Bgra32; the caller's to dispose.</returns>
    public static MLImage Draw(MLImage image, IReadOnlyList<Detection> detections)
    {
        using var bitmap = DrawBitmap(image, detections);
        return MLImage.CreateFromPixels(bitmap.Width, bitmap.Height, MLPixelFormat.Bgra32, bitmap.GetPixelSpan());
    }

    /// <summary>Writes the picture of <see cref="Draw"/> as a PNG file, beside the path first and then renamed.</summary>
    /// <param name="image">The original image; unchanged.</param>
    /// <param name="detections">Boxes in pixels of this image; parts outside are not drawn.</param>
    /// <param name="path">The file to make or replace.</param>
    public static void SavePng(MLImage image, IReadOnlyList<Detection> detections, string path)
    {
        using var bitmap = DrawBitmap(image, detections);
        AtomicFile.Write(path, stream => bitmap.Encode(stream, SKEncodedImageFormat.Png, quality: 100));
    }

    private static SKBitmap DrawBitmap(MLImage image, IReadOnlyList<Detection> detections)
    {
        var bitmap = Copy(image);
        using var canvas = new SKCanvas(bitmap);
        var drawn = detections.OrderBy(d => d.Score).Select(d => d with { Box = d.Box.ClipTo(bitmap.Width, bitmap.Height) }).Where(d => d.Box.Area > 0).ToArray();
        var capHeight = CapHeight(bitmap.Width, bitmap.Height);
        foreach (var detection in drawn) DrawBox(canvas, detection, lineWidth: capHeight / 4.5f);
        DrawLabels(canvas, drawn, new ImageSize(bitmap.Width, bitmap.Height), capHeight);
        return bitmap;
    }

    private static unsafe SKBitmap Copy(MLImage image)
    {
        var type = image.PixelFormat == MLPixelFormat.Rgba32 ? SKColorType.Rgba8888 : SKColorType.Bgra8888;
        var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Bgra8888, SKAlphaType.Premul));
        bitmap.Erase(SKColors.White);
        using var canvas = new SKCanvas(bitmap);
        fixed (byte* pixels = image.Pixels)
        {
            using var original = SKImage.FromPixels(new SKImageInfo(image.Width, image.Height, type, SKAlphaType.Premul), (nint)pixels);
            canvas.DrawImage(original, 0, 0);
        }
        return bitmap;
    }

    // About a seventieth of the image, but readable on small images and small enough for thin ones.
    private static float CapHeight(int width, int height) =>
        Math.Min(Math.Max(SmallestCapHeight, MathF.Sqrt((float)width * height) / 70), Math.Min(width, height) / 2.5f);

    private static void DrawBox(SKCanvas canvas, Detection detection, float lineWidth)
    {
        // Whole pixels, for crisp lines; the outer edge of the line is the box.
        var line = MathF.Max(1, MathF.Round(lineWidth));
        var box = detection.Box;
        var rect = new SKRect(MathF.Round(box.X0), MathF.Round(box.Y0), MathF.Round(box.X1), MathF.Round(box.Y1));
        rect.Inflate(-line / 2, -line / 2);
        using var paint = new SKPaint { Style = SKPaintStyle.Stroke, StrokeJoin = SKStrokeJoin.Miter };
        (paint.Color, paint.StrokeWidth) = (SKColors.Black.WithAlpha(110), line + 2 * MathF.Ceiling(line / 4)); // a shadow, for boxes on their own colour
        canvas.DrawRect(rect, paint);
        (paint.Color, paint.StrokeWidth) = (LabelColours.Of(detection.Label), line);
        canvas.DrawRect(rect, paint);
    }

    private static void DrawLabels(SKCanvas canvas, Detection[] detections, ImageSize image, float capHeight)
    {
        var layout = new LabelLayout(image, [.. detections.Select(d => d.Box)]);
        var labels = new List<(string Text, SKColor Colour, SKRect Plate)>();
        var room = MostPlates * image.Pixels;
        foreach (var detection in detections.Reverse()) // the best detections choose their place first and are drawn last
        {
            var text = Text(detection, image.Width - 2 * Margin(capHeight), capHeight);
            var size = PlateSize(text, capHeight);
            room -= size.Width * size.Height;
            if (room < 0 && labels.Count > 0) break;
            labels.Add((text, LabelColours.Of(detection.Label), layout.Place(size, detection.Box)));
        }
        for (var i = labels.Count - 1; i >= 0; i--) DrawLabel(canvas, labels[i].Text, labels[i].Colour, labels[i].Plate, capHeight);
    }

    private static void DrawLabel(SKCanvas canvas, string text, SKColor colour, SKRect plate, float capHeight)
    {
        using var fill = new SKPaint { Color = colour, IsAntialias = true };
        canvas.DrawRect(plate, fill);
        StrokeFont.Draw(canvas, text, plate.Left + Margin(capHeight), plate.Top + Margin(capHeight) + capHeight, capHeight, LabelColours.TextOn(colour));
    }

    private static SKSize PlateSize(string text, float capHeight) =>
        new(StrokeFont.Measure(text, capHeight) + 2 * Margin(capHeight), capHeight + StrokeFont.Descent(capHeight) + 1.6f * Margin(capHeight));

    private static float Margin(float capHeight) => capHeight * 0.4f;

    // A name too long for the image loses its end, never its score.
    private static string Text(Detection detection, float maxWidth, float capHeight)
    {
        var score = detection.Score.ToString(" 0.00", CultureInfo.InvariantCulture);
        var name = detection.Label;
        for (var end = name.Length; end > 0 && StrokeFont.Measure(name + score, capHeight) > maxWidth; end--) name = detection.Label[..(end - 1)] + "..";
        return name + score;
    }
}
