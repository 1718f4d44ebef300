using SkiaSharp;

namespace QuickStart.World;

/// <summary>Ground that is never the same: muted colours in a gradient, grain, and strokes and blots that are no object.</summary>
internal static class Background
{
    public static void Paint(SKCanvas canvas, int width, int height, Random random)
    {
        PaintGradient(canvas, width, height, random);
        PaintGrain(canvas, width, height, random);
        for (var n = random.Next(4, 14); n > 0; n--) PaintBlot(canvas, width, height, random);
        for (var n = random.Next(3, 12); n > 0; n--) PaintStroke(canvas, width, height, random);
    }

    private static void PaintGradient(SKCanvas canvas, int width, int height, Random random)
    {
        var (from, to) = (RandomPoint(width, height, random), RandomPoint(width, height, random));
        using var shader = SKShader.CreateLinearGradient(from, to, [Muted(random), Muted(random)], SKShaderTileMode.Mirror);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, width, height, paint);
    }

    private static void PaintGrain(SKCanvas canvas, int width, int height, Random random)
    {
        var frequency = 0.02f + 0.15f * random.NextSingle();
        using var noise = SKShader.CreatePerlinNoiseFractalNoise(frequency, frequency * (0.5f + random.NextSingle()), 3, random.Next(10_000));
        using var gray = SKColorFilter.CreateColorMatrix(
        [
            0.4f, 0.4f, 0.4f, 0, 0,
            0.4f, 0.4f, 0.4f, 0, 0,
            0.4f, 0.4f, 0.4f, 0, 0,
            0, 0, 0, 0, 0.2f + 0.2f * random.NextSingle(),
        ]);
        using var paint = new SKPaint { Shader = noise, ColorFilter = gray };
        canvas.DrawRect(0, 0, width, height, paint);
    }

    private static void PaintBlot(SKCanvas canvas, int width, int height, Random random)
    {
        var centre = RandomPoint(width, height, random);
        using var paint = new SKPaint { IsAntialias = true, Color = Muted(random).WithAlpha((byte)random.Next(40, 140)) };
        using var path = new SKPath();
        var corners = random.Next(5, 9);
        path.AddPoly([.. Enumerable.Range(0, corners).Select(i =>
        {
            var (sin, cos) = MathF.SinCos(2 * MathF.PI * i / corners);
            var radius = 4 + 26 * random.NextSingle();
            return new SKPoint(centre.X + radius * cos, centre.Y + radius * sin);
        })]);
        canvas.DrawPath(path, paint);
    }

    private static void PaintStroke(SKCanvas canvas, int width, int height, Random random)
    {
        using var paint = new SKPaint
        {
            IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1 + 2.5f * random.NextSingle(), StrokeCap = SKStrokeCap.Round,
            Color = Muted(random).WithAlpha((byte)random.Next(90, 200)),
        };
        using var path = new SKPath();
        path.MoveTo(RandomPoint(width, height, random));
        path.CubicTo(RandomPoint(width, height, random), RandomPoint(width, height, random), RandomPoint(width, height, random));
        canvas.DrawPath(path, paint);
    }

    private static SKColor Muted(Random random) => SKColor.FromHsl(360 * random.NextSingle(), 5 + 25 * random.NextSingle(), 28 + 46 * random.NextSingle());

    private static SKPoint RandomPoint(int width, int height, Random random) => new(width * random.NextSingle(), height * random.NextSingle());
}
