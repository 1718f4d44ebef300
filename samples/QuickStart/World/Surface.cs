using SkiaSharp;

namespace QuickStart.World;

/// <summary>Paints an object's outline with its colour and texture.</summary>
internal static class Surface
{
    private static readonly Dictionary<Colour, (SKColor Base, SKColor Second)> Tones = new()
    {
        [Colour.Red] = (new(214, 30, 36), new(112, 8, 16)),
        [Colour.Orange] = (new(245, 130, 20), new(160, 70, 0)),
        [Colour.Yellow] = (new(250, 220, 40), new(170, 140, 0)),
        [Colour.Green] = (new(40, 165, 60), new(10, 85, 25)),
        [Colour.Blue] = (new(30, 90, 225), new(10, 35, 115)),
        [Colour.Purple] = (new(150, 50, 190), new(75, 10, 105)),
        [Colour.White] = (new(245, 245, 245), new(165, 165, 165)),
        [Colour.Black] = (new(25, 25, 28), new(110, 110, 115)),
    };

    /// <summary>Paints the outline, of radius 1, on a canvas already moved, turned and scaled to the object.</summary>
    /// <param name="canvas">Where to paint.</param>
    /// <param name="outline">The object's outline.</param>
    /// <param name="kind">Colour and texture.</param>
    /// <param name="light">Brightness of the object, about 1.</param>
    /// <param name="pixel">Length of a pixel on the scaled canvas.</param>
    public static void Paint(SKCanvas canvas, SKPath outline, ObjectKind kind, float light, float pixel)
    {
        var (first, second) = Tones[kind.Colour];
        using var paint = new SKPaint { IsAntialias = true, Color = Lit(first, light) };
        canvas.Save();
        canvas.ClipPath(outline, antialias: true);
        canvas.DrawPaint(paint);
        paint.Color = Lit(second, light);
        PaintPattern(canvas, kind.Texture, paint);
        canvas.Restore();
        (paint.Style, paint.StrokeWidth, paint.Color) = (SKPaintStyle.Stroke, 1.2f * pixel, Lit(second, 0.7f * light));
        canvas.DrawPath(outline, paint);
    }

    private static void PaintPattern(SKCanvas canvas, Texture texture, SKPaint paint)
    {
        const int Cells = 3; // on each side of the centre
        for (var i = -Cells; i <= Cells; i++)
        {
            if (texture == Texture.Striped) canvas.DrawRect(SKRect.Create(-1, i * 0.46f - 0.09f, 2, 0.2f), paint);
            for (var j = -Cells; j <= Cells; j++)
            {
                if (texture == Texture.Dotted) canvas.DrawCircle(i * 0.42f, j * 0.42f, 0.115f, paint);
                if (texture == Texture.Checkered && (i + j) % 2 == 0) canvas.DrawRect(SKRect.Create(i * 0.31f - 0.155f, j * 0.31f - 0.155f, 0.31f, 0.31f), paint);
            }
        }
    }

    private static SKColor Lit(SKColor colour, float light) => new(Lit(colour.Red, light), Lit(colour.Green, light), Lit(colour.Blue, light));

    private static byte Lit(byte value, float light) => (byte)Math.Clamp(value * light, 0, 255);
}
