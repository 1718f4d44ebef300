using Microsoft.ML.DetClip;
using SkiaSharp;

namespace QuickStart.World;

/// <summary>Draws scenes of a small world. A scene is a function of the seed, its number and the options alone.</summary>
/// <param name="seed">Another seed is another world.</param>
/// <param name="options">How it looks.</param>
public sealed class SceneGenerator(int seed, WorldOptions? options = null)
{
    private readonly WorldOptions _options = options ?? new();

    /// <summary>Draws one scene.</summary>
    /// <param name="number">Which one, 0 or more.</param>
    /// <param name="unseenShare">Chance of an object to be of a kind that is not <see cref="ObjectKind.Seen"/>: 0 in training, higher to test.</param>
    public Scene Draw(int number, double unseenShare)
    {
        var random = new Random(Mix(seed, number));
        var (width, height) = (Side(random), Side(random));
        var picture = new SKBitmap(new SKImageInfo(width, height, SKColorType.Bgra8888, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(picture);
        Background.Paint(canvas, width, height, random);
        var placed = Place(width, height, random, unseenShare);
        foreach (var item in placed) item.Paint(canvas);
        return new(picture, Visible(placed, width, height));
    }

    /// <summary>The kinds of this world, in the order of <see cref="ObjectKind.All"/>.</summary>
    public IReadOnlyList<ObjectKind> Kinds { get; } = (options ?? new()).Kinds;

    // Objects are tried at random places; one that would hide another too much, or be too small a part of itself, is tried elsewhere.
    private List<PlacedObject> Place(int width, int height, Random random, double unseenShare)
    {
        var placed = new List<PlacedObject>();
        var wanted = random.Next(1, _options.MaxObjects + 1);
        for (var tries = 0; placed.Count < wanted && tries < 20 * wanted; tries++)
        {
            var item = RandomObject(width, height, random, placed, unseenShare);
            List<PlacedObject> tried = [.. placed, item];
            if (placed.Any(other => other.Kind == item.Kind && other.Touches(item))) continue; // nobody could tell where one ends
            if (tried.Zip(CountVisible(tried, width, height)).All(o => o.Second >= _options.MinVisible * o.First.Area)) placed = tried;
        }
        return placed;
    }

    private PlacedObject RandomObject(int width, int height, Random random, List<PlacedObject> others, double unseenShare)
    {
        var again = others.Count > 0 && random.NextDouble() < 0.15; // now and then two of a kind
        var kind = again ? others[random.Next(others.Count)].Kind : RandomKind(random, unseenShare);
        var radius = _options.Radius.Min * MathF.Pow(_options.Radius.Max / _options.Radius.Min, random.NextSingle());
        var centre = new SKPoint(radius * 0.7f + (width - 1.4f * radius) * random.NextSingle(), radius * 0.7f + (height - 1.4f * radius) * random.NextSingle());
        return new(kind, centre, radius, Turn: _options.MaxTurn * (2 * random.NextSingle() - 1), Light: 0.88f + 0.24f * random.NextSingle());
    }

    private ObjectKind RandomKind(Random random, double unseenShare)
    {
        var seen = random.NextDouble() >= unseenShare;
        ObjectKind[] kinds = [.. Kinds.Where(k => k.Seen == seen)];
        return kinds[random.Next(kinds.Length)];
    }

    private static List<SceneObject> Visible(List<PlacedObject> placed, int width, int height)
    {
        var (owners, boxes, counts) = (Owners(placed, width, height), new Box[placed.Count], new int[placed.Count]);
        for (var i = 0; i < owners.Length; i++)
        {
            if (owners[i] == 0) continue;
            var (owner, y, x) = (owners[i] - 1, i / width, i % width);
            var box = counts[owner]++ == 0 ? new Box(x, y, x + 1, y + 1) : boxes[owner];
            boxes[owner] = new(Math.Min(box.X0, x), Math.Min(box.Y0, y), Math.Max(box.X1, x + 1), Math.Max(box.Y1, y + 1));
        }
        return [.. placed.Select((item, i) => new SceneObject(item.Kind, boxes[i], counts[i]))];
    }

    private static int[] CountVisible(List<PlacedObject> placed, int width, int height)
    {
        var counts = new int[placed.Count];
        foreach (var owner in Owners(placed, width, height))
            if (owner > 0) counts[owner - 1]++;
        return counts;
    }

    // Which object is on top at each pixel: 0 none, i + 1 the i-th.
    private static byte[] Owners(List<PlacedObject> placed, int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Alpha8));
        bitmap.Erase(SKColors.Transparent);
        using var canvas = new SKCanvas(bitmap);
        using var paint = new SKPaint { BlendMode = SKBlendMode.Src };
        for (var i = 0; i < placed.Count; i++)
        {
            paint.Color = SKColors.Black.WithAlpha((byte)(i + 1));
            using var outline = placed[i].Outline();
            canvas.DrawPath(outline, paint);
        }
        return bitmap.Bytes;
    }

    private int Side(Random random)
    {
        const int Step = 16;
        return _options.MinSide + Step * random.Next((_options.MaxSide - _options.MinSide) / Step + 1);
    }

    // Neighbouring numbers must not give neighbouring random sequences.
    private static int Mix(int seed, int number)
    {
        var mixed = ((ulong)(uint)seed << 32 | (uint)number) + 0x9E3779B97F4A7C15;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        return (int)(mixed ^ mixed >> 31) & int.MaxValue;
    }
}
