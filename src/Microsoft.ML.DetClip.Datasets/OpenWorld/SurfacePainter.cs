using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Paints an outline with its colour, pattern or material.</summary>
/// <param name="canvas">Moved, turned and scaled to the object, whose radius is 1.</param>
/// <param name="light">Brightness of the object, about 1.</param>
/// <param name="pixel">Length of a pixel on the scaled canvas.</param>
internal sealed class SurfacePainter(SKCanvas canvas, float light, float pixel)
{
    private static readonly SKColor Oak = new(166, 112, 60), DarkOak = new(104, 62, 26), Steel = new(150, 156, 164), Gleam = new(238, 242, 246), Shade = new(82, 88, 96);
    private static readonly SKColor Pane = new(200, 232, 240, 95), Edge = new(225, 248, 255, 230), Clay = new(170, 74, 52), Mortar = new(222, 210, 196), Straw = new(214, 184, 118), Reed = new(140, 108, 52);

    /// <summary>Fills the outline and draws its edge.</summary>
    public void Paint(SKPath outline, WorldLook look)
    {
        var (first, second) = Tones(look);
        canvas.Save();
        canvas.ClipPath(outline, antialias: true);
        using var paint = new SKPaint { IsAntialias = true, Color = Lit(first) };
        canvas.DrawPaint(paint);
        paint.Color = Lit(second);
        Cover(look.Surface, paint);
        canvas.Restore();
        var edge = look.Surface == WorldSurface.Glass ? Edge : Lit(second, 0.6f);
        (paint.Shader, paint.Style, paint.StrokeWidth, paint.Color) = (null, SKPaintStyle.Stroke, (look.Surface == WorldSurface.Glass ? 2f : 1.2f) * pixel, edge);
        canvas.DrawPath(outline, paint);
    }

    private static (SKColor First, SKColor Second) Tones(WorldLook look) => look.Surface switch
    {
        WorldSurface.Wooden => (Oak, DarkOak),
        WorldSurface.Metal => (Steel, Shade),
        WorldSurface.Glass => (Pane, Edge),
        WorldSurface.Brick => (Clay, Mortar),
        WorldSurface.Woven => (Straw, Reed),
        _ => Tones(look.Colour),
    };

    private static (SKColor First, SKColor Second) Tones(WorldColour colour) => colour switch
    {
        WorldColour.Red => (new(214, 30, 36), new(100, 6, 14)),
        WorldColour.Yellow => (new(250, 220, 40), new(150, 118, 0)),
        WorldColour.Green => (new(40, 165, 60), new(6, 74, 20)),
        WorldColour.Blue => (new(30, 90, 225), new(8, 28, 100)),
        WorldColour.White => (new(246, 246, 246), new(150, 150, 150)),
        WorldColour.Purple => (new(150, 50, 190), new(68, 8, 96)),
        WorldColour.Orange => (new(245, 130, 20), new(150, 62, 0)),
        WorldColour.Black => (new(24, 24, 28), new(112, 112, 118)),
        WorldColour.Pink => (new(250, 130, 180), new(176, 40, 100)),
        _ => (new(50, 205, 200), new(0, 104, 104)),
    };

    private void Cover(WorldSurface surface, SKPaint paint)
    {
        switch (surface)
        {
            case WorldSurface.Striped: Rows(0.44f, y => canvas.DrawRect(SKRect.Create(-2, y, 4, 0.2f), paint)); break;
            case WorldSurface.Dotted: Cells(0.42f, (x, y) => canvas.DrawCircle(x, y, 0.125f, paint)); break;
            case WorldSurface.Checkered: Cells(0.62f, (x, y) => Squares(x, y, paint)); break;
            case WorldSurface.Wavy: Rows(0.44f, y => Line(paint, 0.15f, [.. Enumerable.Range(0, 41).Select(i => new SKPoint(-2 + 0.1f * i, y + 0.12f * MathF.Sin(i * 0.8f)))])); break;
            case WorldSurface.Zigzag: Rows(0.48f, y => Line(paint, 0.13f, [.. Enumerable.Range(0, 17).Select(i => new SKPoint(-2 + 0.25f * i, y + (i % 2 == 0 ? 0.15f : -0.15f)))])); break;
            case WorldSurface.Wooden: Grain(paint); break;
            case WorldSurface.Metal: Shine(paint); break;
            case WorldSurface.Glass: Reflections(paint); break;
            case WorldSurface.Brick: Bricks(paint); break;
            case WorldSurface.Woven: Cells(0.3f, (x, y) => Weave(x, y, paint)); break;
        }
    }

    private void Squares(float x, float y, SKPaint paint)
    {
        canvas.DrawRect(SKRect.Create(x, y, 0.31f, 0.31f), paint);
        canvas.DrawRect(SKRect.Create(x + 0.31f, y + 0.31f, 0.31f, 0.31f), paint);
    }

    private void Grain(SKPaint paint)
    {
        Rows(0.2f, y => Line(paint, 0.045f, [.. Enumerable.Range(0, 21).Select(i => new SKPoint(-2 + 0.2f * i, y + 0.05f * MathF.Sin(0.7f * i + 5 * y)))]));
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, 0.05f);
        canvas.DrawOval(0.25f, 0.12f, 0.26f, 0.12f, paint);
    }

    private void Shine(SKPaint paint)
    {
        using var shader = SKShader.CreateLinearGradient(
            new(-0.9f, -0.9f), new(0.9f, 0.9f), [Lit(Shade), Lit(Steel), Lit(Gleam), Lit(Steel), Lit(Shade), Lit(Steel)], [0, 0.25f, 0.42f, 0.56f, 0.85f, 1], SKShaderTileMode.Clamp);
        paint.Shader = shader;
        canvas.DrawRect(-2, -2, 4, 4, paint);
        paint.Shader = null;
    }

    private void Reflections(SKPaint paint)
    {
        canvas.Save();
        canvas.RotateDegrees(35);
        paint.Color = Edge.WithAlpha(150);
        canvas.DrawRect(-0.55f, -2, 0.22f, 4, paint);
        canvas.DrawRect(-0.22f, -2, 0.09f, 4, paint);
        canvas.Restore();
    }

    private void Bricks(SKPaint paint)
    {
        Rows(0.4f, y => canvas.DrawRect(SKRect.Create(-2, y, 4, 0.07f), paint));
        foreach (var (row, y) in Steps(0.4f).Index())
            foreach (var x in Steps(0.66f)) canvas.DrawRect(SKRect.Create(x + (row % 2 == 0 ? 0 : 0.33f), y, 0.07f, 0.4f), paint);
    }

    private void Weave(float x, float y, SKPaint paint)
    {
        canvas.DrawRect(SKRect.Create(x, y, 0.15f, 0.05f), paint);
        canvas.DrawRect(SKRect.Create(x + 0.18f, y + 0.1f, 0.05f, 0.15f), paint);
    }

    private void Line(SKPaint paint, float width, SKPoint[] points)
    {
        (paint.Style, paint.StrokeWidth) = (SKPaintStyle.Stroke, width);
        canvas.DrawPoints(SKPointMode.Polygon, points, paint);
        paint.Style = SKPaintStyle.Fill;
    }

    private static void Rows(float step, Action<float> draw)
    {
        foreach (var y in Steps(step)) draw(y);
    }

    private static void Cells(float step, Action<float, float> draw)
    {
        foreach (var y in Steps(step))
            foreach (var x in Steps(step)) draw(x, y);
    }

    private static IEnumerable<float> Steps(float step)
    {
        var count = (int)(1.8f / step);
        return Enumerable.Range(-count, 2 * count + 1).Select(i => i * step);
    }

    private SKColor Lit(SKColor colour, float factor = 1) => new(Lit(colour.Red, factor), Lit(colour.Green, factor), Lit(colour.Blue, factor), colour.Alpha);

    private byte Lit(byte value, float factor) => (byte)Math.Clamp(value * light * factor, 0, 255);
}
