using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Outlines of radius 1 around the origin, upright; y grows downwards. Each call makes a path that the caller disposes.</summary>
internal static class ShapeOutlines
{
    public static SKPath Of(WorldShape shape) => shape switch
    {
        WorldShape.Ball => Circle(0, 0, 0.9f),
        WorldShape.Box => Polygon(-0.8f, -0.8f, 0.8f, -0.8f, 0.8f, 0.8f, -0.8f, 0.8f),
        WorldShape.Star => Star(points: 5, inner: 0.42f),
        WorldShape.Ring => Without(Circle(0, 0, 0.95f), Circle(0, 0, 0.5f)),
        WorldShape.House => Polygon(0, -0.95f, 0.98f, -0.1f, 0.72f, -0.1f, 0.72f, 0.85f, -0.72f, 0.85f, -0.72f, -0.1f, -0.98f, -0.1f),
        WorldShape.Fish => With(Oval(-0.15f, 0, 0.72f, 0.5f), Polygon(0.35f, 0, 1, -0.55f, 0.82f, 0, 1, 0.55f)),
        WorldShape.Mug => With(Rounded(-0.8f, -0.75f, 0.45f, 0.8f, 0.14f), Without(Oval(0.5f, -0.02f, 0.46f, 0.5f), Oval(0.48f, -0.02f, 0.24f, 0.28f))),
        WorldShape.Tree => With(Polygon(0, -1, 0.72f, 0.02f, 0.42f, 0.02f, 0.88f, 0.6f, -0.88f, 0.6f, -0.42f, 0.02f, -0.72f, 0.02f), Rectangle(-0.17f, 0.55f, 0.17f, 0.98f)),
        WorldShape.Heart => Heart(),
        WorldShape.Arrow => Polygon(1, 0, 0.15f, -0.8f, 0.15f, -0.32f, -0.95f, -0.32f, -0.95f, 0.32f, 0.15f, 0.32f, 0.15f, 0.8f),
        WorldShape.Moon => Without(Circle(0, 0, 0.95f), Circle(0.48f, -0.12f, 0.78f)),
        WorldShape.Boat => With(Polygon(-0.98f, 0.35f, 0.98f, 0.35f, 0.6f, 0.85f, -0.6f, 0.85f), With(Polygon(-0.03f, -0.95f, 0.78f, 0.22f, -0.03f, 0.22f), Rectangle(-0.12f, -0.95f, 0, 0.4f))),
        WorldShape.Mushroom => With(Mushroom(), Rounded(-0.3f, -0.05f, 0.3f, 0.92f, 0.16f)),
        WorldShape.Bell => With(Bell(), Circle(0, 0.78f, 0.2f)),
        WorldShape.Key => With(Without(Circle(-0.5f, 0, 0.45f), Circle(-0.5f, 0, 0.2f)), With(Rectangle(-0.12f, -0.13f, 0.98f, 0.13f), With(Rectangle(0.75f, 0, 0.93f, 0.5f), Rectangle(0.42f, 0, 0.6f, 0.42f)))),
        WorldShape.Bottle => With(Rounded(-0.46f, -0.2f, 0.46f, 0.97f, 0.16f), With(Polygon(-0.44f, -0.1f, -0.16f, -0.5f, 0.16f, -0.5f, 0.44f, -0.1f), Rectangle(-0.18f, -0.97f, 0.18f, -0.4f))),
        WorldShape.Crown => Polygon(-0.9f, 0.7f, -0.95f, -0.6f, -0.45f, 0, 0, -0.85f, 0.45f, 0, 0.95f, -0.6f, 0.9f, 0.7f),
        WorldShape.Leaf => With(Leaf(), Rectangle(-0.06f, 0.6f, 0.06f, 1)),
        WorldShape.Cross => With(Rectangle(-0.3f, -0.95f, 0.3f, 0.95f), Rectangle(-0.95f, -0.3f, 0.95f, 0.3f)),
        WorldShape.Flower => Enumerable.Range(0, 6).Select(i => Circle(0.56f * MathF.Cos(i * MathF.PI / 3), 0.56f * MathF.Sin(i * MathF.PI / 3), 0.38f)).Aggregate(Circle(0, 0, 0.42f), With),
        WorldShape.Cloud => With(With(Circle(-0.5f, 0.15f, 0.42f), Circle(0.5f, 0.15f, 0.42f)), With(Circle(0, -0.15f, 0.52f), Rectangle(-0.5f, 0.1f, 0.5f, 0.57f))),
        _ => Polygon(-0.55f, -0.7f, 0.55f, -0.7f, 0.95f, -0.2f, 0, 0.92f, -0.95f, -0.2f),
    };

    /// <summary>What is attached to the outline, without the outline itself; empty for nothing.</summary>
    public static SKPath Of(WorldPart part) => part switch
    {
        WorldPart.Legged => With(Leg(-0.42f, -0.62f), Leg(0.42f, 0.62f)),
        WorldPart.Eared => With(Polygon(-0.75f, -0.35f, -0.82f, -1.3f, -0.2f, -0.75f), Polygon(0.75f, -0.35f, 0.82f, -1.3f, 0.2f, -0.75f)),
        WorldPart.Winged => With(Wing(-1), Wing(1)),
        WorldPart.Flagged => With(Rectangle(-0.06f, -1.45f, 0.06f, 0), Polygon(0.04f, -1.45f, 0.75f, -1.2f, 0.04f, -0.95f)),
        _ => new(),
    };

    private static SKPath Leg(float x, float foot) => Polygon(x - 0.11f, 0.2f, x + 0.11f, 0.2f, foot + 0.11f, 1.18f, foot + 0.34f, 1.18f, foot + 0.34f, 1.36f, foot - 0.13f, 1.36f);

    private static SKPath Wing(float side)
    {
        var path = new SKPath();
        path.MoveTo(0.3f * side, -0.15f);
        path.CubicTo(0.8f * side, -0.95f, 1.4f * side, -0.95f, 1.65f * side, -0.75f);
        path.CubicTo(1.55f * side, -0.2f, 1.3f * side, 0.35f, 0.3f * side, 0.45f);
        path.Close();
        return path;
    }

    private static SKPath With(SKPath one, SKPath other) => Combine(one, other, SKPathOp.Union);

    private static SKPath Without(SKPath one, SKPath other) => Combine(one, other, SKPathOp.Difference);

    private static SKPath Combine(SKPath one, SKPath other, SKPathOp how)
    {
        using (one)
        using (other) return one.Op(other, how);
    }

    private static SKPath Circle(float x, float y, float radius) => Oval(x, y, radius, radius);

    private static SKPath Oval(float x, float y, float width, float height)
    {
        var path = new SKPath();
        path.AddOval(new(x - width, y - height, x + width, y + height));
        return path;
    }

    private static SKPath Rectangle(float left, float top, float right, float bottom) => Polygon(left, top, right, top, right, bottom, left, bottom);

    private static SKPath Rounded(float left, float top, float right, float bottom, float radius)
    {
        var path = new SKPath();
        path.AddRoundRect(new(left, top, right, bottom), radius, radius);
        return path;
    }

    private static SKPath Polygon(params float[] corners)
    {
        var path = new SKPath();
        path.AddPoly([.. corners.Chunk(2).Select(c => new SKPoint(c[0], c[1]))]);
        return path;
    }

    private static SKPath Star(int points, float inner) => Polygon([.. Enumerable.Range(0, 2 * points).SelectMany(i =>
    {
        var (sin, cos) = MathF.SinCos(MathF.PI * i / points);
        var radius = i % 2 == 0 ? 1 : inner;
        return (float[])[radius * sin, -radius * cos];
    })]);

    private static SKPath Heart() => Closed(0, 0.92f,
        -0.75f, 0.35f, -1, 0, -0.98f, -0.38f, -0.95f, -1, -0.2f, -1.05f, 0, -0.42f, 0.2f, -1.05f, 0.95f, -1, 0.98f, -0.38f, 1, 0, 0.75f, 0.35f, 0, 0.92f);

    private static SKPath Mushroom() => Closed(-0.98f, 0.1f, -0.95f, -1.2f, 0.95f, -1.2f, 0.98f, 0.1f, 0.4f, 0.22f, -0.4f, 0.22f, -0.98f, 0.1f);

    private static SKPath Bell() => Closed(-0.9f, 0.62f, -0.4f, 0.3f, -0.8f, -0.9f, 0, -0.92f, 0.8f, -0.9f, 0.4f, 0.3f, 0.9f, 0.62f);

    private static SKPath Leaf() => Closed(0, -0.98f, 0.95f, -0.5f, 0.8f, 0.4f, 0, 0.75f, -0.8f, 0.4f, -0.95f, -0.5f, 0, -0.98f);

    // A start, then three points for each Bézier curve.
    private static SKPath Closed(float x, float y, params float[] curves)
    {
        var path = new SKPath();
        path.MoveTo(x, y);
        foreach (var c in curves.Chunk(6)) path.CubicTo(c[0], c[1], c[2], c[3], c[4], c[5]);
        path.Close();
        return path;
    }
}
