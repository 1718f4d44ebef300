using SkiaSharp;

namespace QuickStart.World;

/// <summary>Outlines of radius 1 around the origin, upright; y grows downwards.</summary>
internal static class Shapes
{
    public static SKPath Outline(Shape shape) => shape switch
    {
        Shape.Circle => Circle(0, 0, 0.92f),
        Shape.Square => Polygon((-0.8f, -0.8f), (0.8f, -0.8f), (0.8f, 0.8f), (-0.8f, 0.8f)),
        Shape.Triangle => Polygon((0, -0.95f), (0.98f, 0.75f), (-0.98f, 0.75f)),
        Shape.Star => Star(points: 5, inner: 0.45f),
        Shape.Cross => Cross(arm: 0.32f),
        Shape.Ring => Circle(0, 0, 0.95f).Op(Circle(0, 0, 0.5f), SKPathOp.Difference),
        Shape.Heart => Heart(),
        Shape.Moon => Circle(0, 0, 0.95f).Op(Circle(0.5f, -0.12f, 0.8f), SKPathOp.Difference),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };

    private static SKPath Circle(float x, float y, float radius)
    {
        var path = new SKPath();
        path.AddCircle(x, y, radius);
        return path;
    }

    private static SKPath Polygon(params (float X, float Y)[] corners)
    {
        var path = new SKPath();
        path.AddPoly([.. corners.Select(c => new SKPoint(c.X, c.Y))]);
        return path;
    }

    private static SKPath Star(int points, float inner) => Polygon([.. Enumerable.Range(0, 2 * points).Select(i =>
    {
        var (sin, cos) = MathF.SinCos(MathF.PI * i / points);
        var radius = i % 2 == 0 ? 1 : inner;
        return (radius * sin, -radius * cos);
    })]);

    private static SKPath Cross(float arm) => Polygon(
        (-arm, -0.95f), (arm, -0.95f), (arm, -arm), (0.95f, -arm), (0.95f, arm), (arm, arm),
        (arm, 0.95f), (-arm, 0.95f), (-arm, arm), (-0.95f, arm), (-0.95f, -arm), (-arm, -arm));

    private static SKPath Heart()
    {
        var path = new SKPath();
        path.MoveTo(0, 0.92f);
        path.CubicTo(-0.75f, 0.35f, -1, 0, -0.98f, -0.38f);
        path.CubicTo(-0.95f, -1, -0.2f, -1.05f, 0, -0.42f);
        path.CubicTo(0.2f, -1.05f, 0.95f, -1, 0.98f, -0.38f);
        path.CubicTo(1, 0, 0.75f, 0.35f, 0, 0.92f);
        path.Close();
        return path;
    }
}
