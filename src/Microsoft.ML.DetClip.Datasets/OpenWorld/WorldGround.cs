using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Ground that is never the same, in muted colours: a gradient, grain, blots, patches of pattern and strokes that are no objects; and the light over all.</summary>
/// <param name="canvas">The picture's.</param>
/// <param name="side">Width and height, in pixels.</param>
/// <param name="random">What is random follows from it.</param>
internal sealed class WorldGround(SKCanvas canvas, int side, Random random)
{
    /// <summary>Paints what lies behind the objects.</summary>
    public void Paint()
    {
        PaintGradient();
        PaintGrain();
        for (var n = random.Next(3, 10); n > 0; n--) PaintBlot();
        for (var n = random.Next(0, 3); n > 0; n--) PaintPatch();
        for (var n = random.Next(3, 10); n > 0; n--) PaintStroke();
    }

    /// <summary>Darkens the picture to one side and tints it, as a lamp or a low sun does.</summary>
    public void PaintLight()
    {
        var (sin, cos) = MathF.SinCos(2 * MathF.PI * random.NextSingle());
        var half = side / 2f;
        var dark = (byte)(255 - random.Next(110));
        var warm = SKColor.FromHsl(random.NextDouble() < 0.5 ? 40 : 215, 60 * random.NextSingle(), 96);
        using var shader = SKShader.CreateLinearGradient(
            new(half - half * cos, half - half * sin), new(half + half * cos, half + half * sin), [warm, new(dark, dark, dark)], SKShaderTileMode.Clamp);
        using var paint = new SKPaint { Shader = shader, BlendMode = SKBlendMode.Modulate };
        canvas.DrawRect(0, 0, side, side, paint);
    }

    private void PaintGradient()
    {
        using var shader = SKShader.CreateLinearGradient(Point(), Point(), [Muted(), Muted()], SKShaderTileMode.Mirror);
        using var paint = new SKPaint { Shader = shader };
        canvas.DrawRect(0, 0, side, side, paint);
    }

    private void PaintGrain()
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
        canvas.DrawRect(0, 0, side, side, paint);
    }

    private void PaintBlot()
    {
        var (centre, corners) = (Point(), random.Next(5, 9));
        using var paint = new SKPaint { IsAntialias = true, Color = Muted().WithAlpha((byte)random.Next(40, 140)) };
        using var path = new SKPath();
        path.AddPoly([.. Enumerable.Range(0, corners).Select(i =>
        {
            var (sin, cos) = MathF.SinCos(2 * MathF.PI * i / corners);
            var radius = side * (0.02f + 0.15f * random.NextSingle());
            return new SKPoint(centre.X + radius * cos, centre.Y + radius * sin);
        })]);
        canvas.DrawPath(path, paint);
    }

    // A piece of ground with lines or dots: a pattern alone makes no object.
    private void PaintPatch()
    {
        var (centre, radius, step) = (Point(), side * (0.1f + 0.2f * random.NextSingle()), side * (0.03f + 0.03f * random.NextSingle()));
        var isDotted = random.NextDouble() < 0.5;
        using var paint = new SKPaint { IsAntialias = true, Color = Muted().WithAlpha(110) };
        canvas.Save();
        canvas.RotateDegrees(360 * random.NextSingle(), centre.X, centre.Y);
        canvas.ClipRect(SKRect.Create(centre.X - radius, centre.Y - radius, 2 * radius, 2 * radius));
        for (var y = -radius; y < radius; y += step)
        {
            if (!isDotted) canvas.DrawRect(SKRect.Create(centre.X - radius, centre.Y + y, 2 * radius, 0.35f * step), paint);
            for (var x = -radius; isDotted && x < radius; x += step) canvas.DrawCircle(centre.X + x, centre.Y + y, 0.25f * step, paint);
        }
        canvas.Restore();
    }

    private void PaintStroke()
    {
        using var paint = new SKPaint
        {
            IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = 1 + 2.5f * random.NextSingle(), StrokeCap = SKStrokeCap.Round,
            Color = Muted().WithAlpha((byte)random.Next(90, 200)),
        };
        using var path = new SKPath();
        path.MoveTo(Point());
        path.CubicTo(Point(), Point(), Point());
        canvas.DrawPath(path, paint);
    }

    private SKColor Muted() => SKColor.FromHsl(360 * random.NextSingle(), 5 + 25 * random.NextSingle(), 28 + 46 * random.NextSingle());

    private SKPoint Point() => new(side * random.NextSingle(), side * random.NextSingle());
}
