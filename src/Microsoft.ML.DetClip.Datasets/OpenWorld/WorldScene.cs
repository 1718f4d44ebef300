using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>An object that can be seen, and the box around what is visible of it, in pixels.</summary>
internal sealed record WorldObject(WorldConcept Concept, Box Box);

/// <summary>Draws scenes. A scene is a function of the options, its number, and what may be on it.</summary>
internal sealed class WorldScene(OpenWorldOptions options)
{
    private const int TriesPerObject = 20;
    private const float MaxTurn = 20;

    /// <summary>Draws one scene.</summary>
    /// <param name="random">What is random follows from it.</param>
    /// <param name="draw">Chooses what an object is.</param>
    /// <returns>The picture, the caller's to dispose, and what is on it.</returns>
    public (SKBitmap Picture, IReadOnlyList<WorldObject> Objects) Draw(Random random, Func<Random, WorldConcept> draw)
    {
        var side = options.Side;
        var picture = new SKBitmap(new SKImageInfo(side, side, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        var ground = new WorldGround(canvas, side, random);
        ground.Paint();
        var (things, objects) = Place(random, draw);
        var (sin, cos) = MathF.SinCos(2 * MathF.PI * random.NextSingle());
        foreach (var thing in things) thing.Paint(canvas, new(0.09f * cos, 0.09f * sin));
        ground.PaintLight();
        return (picture, objects);
    }

    // Objects are tried at random places; one that would hide others too much, or be too small a part of itself, is tried elsewhere.
    private (List<PlacedThing> Things, IReadOnlyList<WorldObject> Objects) Place(Random random, Func<Random, WorldConcept> draw)
    {
        var (things, covers) = (new List<PlacedThing>(), new List<SKRegion>());
        var wanted = random.Next(2, options.MaxObjects + 1);
        for (var tries = 0; things.Count < wanted && tries < TriesPerObject * wanted; tries++)
        {
            var thing = RandomThing(random, draw, things);
            if (!thing.IsInside(options.Side)) continue;
            covers.Add(thing.Cover(options.Side));
            if (Visible(covers) is not null) things.Add(thing);
            else RemoveLast(covers);
        }
        var boxes = Visible(covers) ?? [];
        foreach (var cover in covers) cover.Dispose();
        return (things, [.. things.Zip(boxes, (thing, box) => new WorldObject(thing.Concept, box))]);
    }

    private static void RemoveLast(List<SKRegion> covers)
    {
        covers[^1].Dispose();
        covers.RemoveAt(covers.Count - 1);
    }

    private PlacedThing RandomThing(Random random, Func<Random, WorldConcept> draw, List<PlacedThing> others)
    {
        var isAnother = others.Count > 0 && random.NextDouble() < 0.1; // now and then two of a kind
        var concept = isAnother ? others[random.Next(others.Count)].Concept : draw(random);
        var radius = options.Radius.Min * MathF.Pow(options.Radius.Max / options.Radius.Min, random.NextSingle());
        var centre = new SKPoint(options.Side * random.NextSingle(), options.Side * random.NextSingle());
        return new(concept, centre, radius, MaxTurn * (2 * random.NextSingle() - 1), 0.85f + 0.3f * random.NextSingle());
    }

    /// <summary>The boxes around what is visible of each; null where too little is of one.</summary>
    private List<Box>? Visible(List<SKRegion> covers)
    {
        var boxes = new List<Box>();
        using var above = new SKRegion();
        foreach (var cover in covers.AsEnumerable().Reverse())
        {
            using var visible = new SKRegion(cover);
            visible.Op(above, SKRegionOperation.Difference);
            if (Area(visible) < options.MinVisible * Area(cover) || visible.IsEmpty) return null;
            var bounds = visible.Bounds;
            boxes.Insert(0, new(bounds.Left, bounds.Top, bounds.Right, bounds.Bottom));
            above.Op(cover, SKRegionOperation.Union);
        }
        return boxes;
    }

    private static long Area(SKRegion region)
    {
        using var rectangles = region.CreateRectIterator();
        var area = 0L;
        while (rectangles.Next(out var rectangle)) area += (long)rectangle.Width * rectangle.Height;
        return area;
    }
}
