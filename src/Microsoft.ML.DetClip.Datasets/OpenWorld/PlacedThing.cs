using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An object before it is painted.</summary>
/// <param name="Concept">What it is.</param>
/// <param name="Centre">Where its centre is, in pixels.</param>
/// <param name="Radius">Half the size of its body, in pixels.</param>
/// <param name="Turn">In degrees, clockwise.</param>
/// <param name="Light">Brightness, about 1.</param>
internal sealed record PlacedThing(WorldConcept Concept, SKPoint Centre, float Radius, float Turn, float Light)
{
    private SKMatrix Placement => SKMatrix.CreateTranslation(Centre.X, Centre.Y).PreConcat(SKMatrix.CreateRotationDegrees(Turn)).PreConcat(SKMatrix.CreateScale(Radius, Radius));

    /// <summary>The pixels that it covers on a picture of that size, whether others hide them or not; the caller's to dispose.</summary>
    public SKRegion Cover(int side)
    {
        using var body = ShapeOutlines.Of(Concept.Look.Shape);
        using var part = ShapeOutlines.Of(Concept.Look.Part);
        using var whole = body.Op(part, SKPathOp.Union);
        whole.Transform(Placement);
        using var picture = new SKRegion(new SKRectI(0, 0, side, side));
        var cover = new SKRegion();
        cover.SetPath(whole, picture);
        return cover;
    }

    /// <summary>The share of the object that lies on the picture, roughly: its body's square.</summary>
    public bool IsInside(int side) => Centre.X > 0.8f * Radius && Centre.Y > 0.8f * Radius && Centre.X < side - 0.8f * Radius && Centre.Y < side - 0.8f * Radius;

    /// <summary>Paints a shadow, the part behind the body, and the body.</summary>
    /// <param name="canvas">The picture's.</param>
    /// <param name="shadow">Where the shadow falls, over the radius.</param>
    public void Paint(SKCanvas canvas, SKPoint shadow)
    {
        using var body = ShapeOutlines.Of(Concept.Look.Shape);
        using var part = ShapeOutlines.Of(Concept.Look.Part);
        canvas.Save();
        canvas.SetMatrix(SKMatrix.CreateTranslation(shadow.X * Radius, shadow.Y * Radius).PreConcat(Placement));
        PaintShadow(canvas, body, part);
        canvas.SetMatrix(Placement);
        var painter = new SurfacePainter(canvas, Light, pixel: 1 / Radius);
        using (var paint = new SKPaint { IsAntialias = true, Color = new((byte)(70 * Light), (byte)(58 * Light), (byte)(50 * Light)) }) canvas.DrawPath(part, paint);
        painter.Paint(body, Concept.Look);
        PaintDetails(canvas, Concept.Look.Shape);
        canvas.Restore();
    }

    private void PaintShadow(SKCanvas canvas, SKPath body, SKPath part)
    {
        var alpha = (byte)(Concept.Look.Surface == WorldSurface.Glass ? 45 : 95);
        using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 0.06f);
        using var paint = new SKPaint { Color = SKColors.Black.WithAlpha(alpha), MaskFilter = blur };
        canvas.DrawPath(body, paint);
        canvas.DrawPath(part, paint);
    }

    // What makes a fish more than an outline.
    private static void PaintDetails(SKCanvas canvas, WorldShape shape)
    {
        using var dark = new SKPaint { IsAntialias = true, Color = new(30, 26, 24) };
        using var pale = new SKPaint { IsAntialias = true, Color = new(240, 240, 235) };
        if (shape == WorldShape.Fish)
        {
            canvas.DrawCircle(-0.52f, -0.1f, 0.13f, pale);
            canvas.DrawCircle(-0.54f, -0.1f, 0.07f, dark);
        }
        else if (shape == WorldShape.House)
        {
            canvas.DrawRect(SKRect.Create(-0.16f, 0.3f, 0.32f, 0.55f), dark);
        }
    }
}
