namespace Microsoft.ML.DetClip;

/// <summary>A box found in a tile, in pixels of the image, and where the tile cut it; joined ones have the tile −1.</summary>
internal readonly record struct TileBox(Box Box, int Concept, float Score, int Tile, Cuts Cuts);

/// <summary>Makes one box of the parts of an object that tiles have cut; the rule is that of <see cref="TileOptions"/>.</summary>
internal static class TileJoining
{
    private const float SameExtent = 0.5f;
    private const float Covered = 0.7f;

    /// <summary>Not cut boxes as they are, and what cut ones become.</summary>
    public static List<TileBox> Join(IEnumerable<TileBox> boxes)
    {
        var joined = new List<TileBox>();
        foreach (var concept in boxes.GroupBy(b => b.Concept)) joined.AddRange(DropCovered(JoinParts([.. concept])));
        return joined;
    }

    private static List<TileBox> JoinParts(List<TileBox> boxes)
    {
        var whole = boxes.Where(b => b.Cuts == Cuts.None);
        var parts = boxes.Where(b => b.Cuts != Cuts.None).ToList();
        while (BestPair(parts) is var (a, b))
        {
            var union = Union(parts[a], parts[b]);
            parts.RemoveAt(Math.Max(a, b));
            parts[Math.Min(a, b)] = union;
        }
        return [.. whole, .. parts];
    }

    // The pair whose extents agree best; null when none agrees.
    private static (int A, int B)? BestPair(List<TileBox> parts)
    {
        (int A, int B)? best = null;
        var agreement = SameExtent;
        for (var a = 0; a < parts.Count; a++)
            for (var b = 0; b < parts.Count; b++)
                if (a != b && AreApart(parts[a], parts[b]) && Agreement(parts[a], parts[b]) is var found && found > agreement)
                    (best, agreement) = ((a, b), found);
        return best;
    }

    // What one tile shows twice is two objects.
    private static bool AreApart(TileBox a, TileBox b) => a.Tile != b.Tile || a.Tile < 0;

    /// <summary>How well a, at the left or above, goes on in b: IoU of their extents along the edge; 0 when they are no parts of one object.</summary>
    private static float Agreement(TileBox a, TileBox b)
    {
        var (p, q) = (a.Box, b.Box);
        if (a.Cuts.HasFlag(Cuts.Right) && b.Cuts.HasFlag(Cuts.Left) && Continues(p.X0, p.X1, q.X0, q.X1)) return Overlap(p.Y0, p.Y1, q.Y0, q.Y1);
        if (a.Cuts.HasFlag(Cuts.Bottom) && b.Cuts.HasFlag(Cuts.Top) && Continues(p.Y0, p.Y1, q.Y0, q.Y1)) return Overlap(p.X0, p.X1, q.X0, q.X1);
        return 0;
    }

    // One object that crosses both edges begins before the second tile and ends after the first. Detectors miss an edge by a little.
    private static bool Continues(float aStart, float aEnd, float bStart, float bEnd)
    {
        var slack = 0.1f * Math.Min(aEnd - aStart, bEnd - bStart);
        return aStart <= bStart + slack && bEnd >= aEnd - slack && bStart <= aEnd + slack;
    }

    private static float Overlap(float aStart, float aEnd, float bStart, float bEnd)
    {
        var both = Math.Min(aEnd, bEnd) - Math.Max(aStart, bStart);
        return both <= 0 ? 0 : both / (Math.Max(aEnd, bEnd) - Math.Min(aStart, bStart));
    }

    private static TileBox Union(TileBox a, TileBox b)
    {
        var box = new Box(Math.Min(a.Box.X0, b.Box.X0), Math.Min(a.Box.Y0, b.Box.Y0), Math.Max(a.Box.X1, b.Box.X1), Math.Max(a.Box.Y1, b.Box.Y1));
        var cuts = ((a.Box.X0 <= b.Box.X0 ? a : b).Cuts & Cuts.Left) | ((a.Box.Y0 <= b.Box.Y0 ? a : b).Cuts & Cuts.Top) |
            ((a.Box.X1 >= b.Box.X1 ? a : b).Cuts & Cuts.Right) | ((a.Box.Y1 >= b.Box.Y1 ? a : b).Cuts & Cuts.Bottom);
        return new(box, a.Concept, Math.Max(a.Score, b.Score), Tile: -1, cuts);
    }

    private static IEnumerable<TileBox> DropCovered(List<TileBox> boxes) => boxes.Where((box, i) =>
        box.Cuts == Cuts.None || !boxes.Where((_, j) => j != i).Any(other => AreApart(other, box) && other.Box.Area > box.Box.Area && Share(box.Box, other.Box) >= Covered));

    /// <summary>The share of a box that another one covers.</summary>
    private static float Share(Box box, Box other)
    {
        var width = Math.Min(box.X1, other.X1) - Math.Max(box.X0, other.X0);
        var height = Math.Min(box.Y1, other.Y1) - Math.Max(box.Y0, other.Y0);
        return width <= 0 || height <= 0 ? 0 : width * height / box.Area;
    }
}
