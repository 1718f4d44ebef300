using SkiaSharp;

namespace QuickStart.World;

/// <summary>An object before it is painted.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Centre">Where its centre is, in pixels.</param>
/// <param name="Radius">Half its size, in pixels.</param>
/// <param name="Turn">In degrees, clockwise.</param>
/// <param name="Light">Brightness, about 1.</param>
internal sealed record PlacedObject(ObjectKind Kind, SKPoint Centre, float Radius, float Turn, float Light)
{
    /// <summary>Area of the whole object, hidden parts too, in pixels.</summary>
    public float Area { get; } = UnitArea(Kind.Shape) * Radius * Radius;

    /// <summary>True when the circles around both objects meet.</summary>
    public bool Touches(PlacedObject other) => SKPoint.Distance(Centre, other.Centre) < Radius + other.Radius;

    /// <summary>The outline on the picture.</summary>
    public SKPath Outline()
    {
        var path = Shapes.Outline(Kind.Shape);
        path.Transform(Placement());
        return path;
    }

    /// <summary>Paints a soft shadow and the object.</summary>
    public void Paint(SKCanvas canvas)
    {
        using (var outline = Outline())
        using (var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, 1.5f))
        using (var shadow = new SKPaint { Color = SKColors.Black.WithAlpha(90), MaskFilter = blur })
        {
            outline.Transform(SKMatrix.CreateTranslation(1, 2));
            canvas.DrawPath(outline, shadow);
        }
        using var unit = Shapes.Outline(Kind.Shape);
        canvas.Save();
        canvas.SetMatrix(Placement());
        Surface.Paint(canvas, unit, Kind, Light, pixel: 1 / Radius);
        canvas.Restore();
    }

    private SKMatrix Placement() => SKMatrix.CreateTranslation(Centre.X, Centre.Y).PreConcat(SKMatrix.CreateRotationDegrees(Turn)).PreConcat(SKMatrix.CreateScale(Radius, Radius));

    private static float UnitArea(Shape shape)
    {
        const int Resolution = 64;
        using var path = Shapes.Outline(shape);
        path.Transform(SKMatrix.CreateTranslation(1, 1).PostConcat(SKMatrix.CreateScale(Resolution, Resolution)));
        using var region = new SKRegion(new SKRectI(0, 0, 2 * Resolution, 2 * Resolution));
        using var filled = new SKRegion();
        filled.SetPath(path, region);
        using var rects = filled.CreateRectIterator();
        var area = 0;
        while (rects.Next(out var rect)) area += rect.Width * rect.Height;
        return area / (float)(Resolution * Resolution);
    }
}
