using SkiaSharp;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Scenes of coloured shapes on a gray, noisy ground, drawn from a seed: a world small enough to learn in minutes.</summary>
internal sealed class DrawnWorld(int side = 200)
{
    private static readonly Dictionary<string, SKColor> Colors = new()
    {
        ["red"] = new(220, 40, 40), ["green"] = new(40, 180, 60), ["blue"] = new(50, 80, 230), ["yellow"] = new(240, 220, 40),
        ["purple"] = new(150, 50, 190), ["white"] = new(245, 245, 245),
    };

    private static readonly Dictionary<string, Func<SKRect, SKPath>> Shapes = new()
    {
        ["circle"] = box => Path(p => p.AddOval(box)),
        ["square"] = box => Path(p => p.AddRect(box)),
        ["triangle"] = box => Polygon(box, (0, 1), (0.5f, 0), (1, 1)),
        ["diamond"] = box => Polygon(box, (0, 0.5f), (0.5f, 0), (1, 0.5f), (0.5f, 1)),
        ["cross"] = box => Polygon(box, (0.35f, 0), (0.65f, 0), (0.65f, 0.35f), (1, 0.35f), (1, 0.65f), (0.65f, 0.65f), (0.65f, 1), (0.35f, 1), (0.35f, 0.65f), (0, 0.65f), (0, 0.35f), (0.35f, 0.35f)),
        ["ring"] = box => Path(p =>
        {
            p.FillType = SKPathFillType.EvenOdd;
            p.AddOval(box);
            p.AddOval(SKRect.Inflate(box, -box.Width / 4, -box.Height / 4));
        }),
    };

    /// <summary>The words that name everything here.</summary>
    public static string[] Words { get; } = [.. Colors.Keys, .. Shapes.Keys];

    /// <summary>All pairs of colour and shape.</summary>
    public static string[] Names { get; } = [.. Colors.Keys.SelectMany(c => Shapes.Keys.Select(s => $"{c} {s}"))];

    /// <summary>Pairs kept for testing: each colour and each shape once.</summary>
    public static string[] Unseen { get; } = [.. Colors.Keys.Zip(Shapes.Keys, (c, s) => $"{c} {s}")];

    /// <summary>Pairs to train on: each colour with five shapes, each shape with five colours.</summary>
    public static string[] Seen { get; } = [.. Names.Except(Unseen)];

    /// <summary>Scenes of one to four objects of the given names.</summary>
    public IReadOnlyList<TrainingSample> Scenes(int count, string[] names, int seed) =>
        [.. Enumerable.Range(0, count).Select(i => Scene($"scene {seed}.{i}", names, new Random(seed * 100_003 + i)))];

    private TrainingSample Scene(string name, string[] names, Random random)
    {
        using var bitmap = new SKBitmap(side, side);
        using var canvas = new SKCanvas(bitmap);
        DrawGround(canvas, random);
        var boxes = Boxes(random);
        var shown = boxes.Select(_ => names[random.Next(names.Length)]).ToArray();
        foreach (var (box, what) in boxes.Zip(shown)) Draw(canvas, box, what, random);
        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new() { Image = new(name, png.ToArray()), Boxes = boxes, Concepts = [.. shown.Select(s => new Concept(s))] };
    }

    private void DrawGround(SKCanvas canvas, Random random)
    {
        var gray = (byte)random.Next(60, 150);
        canvas.Clear(new SKColor(gray, gray, gray));
        using var paint = new SKPaint();
        for (var i = 0; i < 60; i++)
        {
            var shade = (byte)Math.Clamp(gray + random.Next(-25, 26), 0, 255);
            paint.Color = new SKColor(shade, shade, shade);
            canvas.DrawRect(random.Next(side), random.Next(side), random.Next(4, side / 4), random.Next(4, side / 4), paint);
        }
    }

    private List<Box> Boxes(Random random)
    {
        var boxes = new List<Box>();
        var wanted = random.Next(1, 5);
        for (var attempt = 0; attempt < 50 && boxes.Count < wanted; attempt++)
        {
            var w = random.Next(side * 7 / 50, side * 2 / 5);
            var h = (int)(w * (0.8 + 0.4 * random.NextDouble()));
            var (x, y) = (random.Next(side - w), random.Next(side - h));
            var box = new Box(x, y, x + w, y + h);
            if (boxes.All(b => b.IoU(box) == 0)) boxes.Add(box);
        }
        return boxes;
    }

    private static void Draw(SKCanvas canvas, Box box, string name, Random random)
    {
        var words = name.Split(' ');
        using var path = Shapes[words[1]](new SKRect(box.X0, box.Y0, box.X1, box.Y1));
        using var paint = new SKPaint { IsAntialias = true, Color = Shade(Colors[words[0]], random) };
        canvas.DrawPath(path, paint);
    }

    private static SKColor Shade(SKColor color, Random random)
    {
        byte Vary(byte value) => (byte)Math.Clamp(value + random.Next(-18, 19), 0, 255);
        return new(Vary(color.Red), Vary(color.Green), Vary(color.Blue));
    }

    private static SKPath Path(Action<SKPath> draw)
    {
        var path = new SKPath();
        draw(path);
        return path;
    }

    private static SKPath Polygon(SKRect box, params (float X, float Y)[] points) => Path(p =>
        p.AddPoly([.. points.Select(c => new SKPoint(box.Left + c.X * box.Width, box.Top + c.Y * box.Height))]));
}
