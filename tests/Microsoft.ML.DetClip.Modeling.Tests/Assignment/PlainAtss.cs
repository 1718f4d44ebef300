namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>The assigner once more, box by box and anchor by anchor, as the paper's algorithm 1 reads.</summary>
internal static class PlainAtss
{
    /// <summary>For each location the box it answers for, or −1. One image.</summary>
    public static int[] Assign(Box[] anchors, int[] locationsPerLevel, Box[] boxes, int candidatesPerLevel = 9)
    {
        var owner = Enumerable.Repeat(-1, anchors.Length).ToArray();
        var best = new float[anchors.Length];
        for (var g = 0; g < boxes.Length; g++)
        {
            var candidates = Candidates(anchors, locationsPerLevel, boxes[g], candidatesPerLevel);
            var iou = candidates.Select(a => anchors[a].IoU(boxes[g])).ToArray();
            var mean = iou.Average();
            var std = Math.Sqrt(iou.Sum(v => (v - mean) * (v - mean)) / (iou.Length - 1));
            for (var i = 0; i < candidates.Count; i++)
            {
                var a = candidates[i];
                if (iou[i] < mean + std || !IsInside(anchors[a], boxes[g])) continue;
                if (owner[a] >= 0 && best[a] >= iou[i]) continue;
                (owner[a], best[a]) = (g, iou[i]);
            }
        }
        return owner;
    }

    private static List<int> Candidates(Box[] anchors, int[] locationsPerLevel, Box box, int count)
    {
        var all = new List<int>();
        var start = 0;
        foreach (var level in locationsPerLevel)
        {
            all.AddRange(Enumerable.Range(start, level).OrderBy(a => SquaredDistance(anchors[a], box)).Take(count));
            start += level;
        }
        return all;
    }

    private static float SquaredDistance(Box a, Box b)
    {
        var (x, y) = ((a.X0 + a.X1 - b.X0 - b.X1) / 2, (a.Y0 + a.Y1 - b.Y0 - b.Y1) / 2);
        return x * x + y * y;
    }

    private static bool IsInside(Box anchor, Box box)
    {
        var (x, y) = ((anchor.X0 + anchor.X1) / 2, (anchor.Y0 + anchor.Y1) / 2);
        return x - box.X0 > 0.01 && y - box.Y0 > 0.01 && box.X1 - x > 0.01 && box.Y1 - y > 0.01;
    }
}
