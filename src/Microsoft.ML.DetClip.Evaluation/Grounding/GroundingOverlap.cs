namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Overlaps as MDETR's evaluators compute them, operation by operation: phrases in double precision, referring expressions in single.</summary>
internal static class GroundingOverlap
{
    /// <summary>The box that surrounds all.</summary>
    public static GroundingBox Hull(IReadOnlyList<GroundingBox> boxes) =>
        new(boxes.Min(b => b.X0), boxes.Min(b => b.Y0), boxes.Max(b => b.X1), boxes.Max(b => b.Y1));

    /// <summary>NaN where a pair has no area at all.</summary>
    public static double GreatestIoU(GroundingBox box, IReadOnlyList<GroundingBox> others)
    {
        var greatest = double.NegativeInfinity;
        foreach (var other in others) greatest = Math.Max(greatest, IoU(box, other));
        return greatest;
    }

    /// <summary>Generalized IoU in float32, −1 to 1; Rezatofighi et al. 2019.</summary>
    public static float GeneralizedIoU(GroundingBox box, GroundingBox other)
    {
        var (ax0, ay0, ax1, ay1) = ((float)box.X0, (float)box.Y0, (float)box.X1, (float)box.Y1);
        var (bx0, by0, bx1, by1) = ((float)other.X0, (float)other.Y0, (float)other.X1, (float)other.Y1);
        var width = MathF.Max(MathF.Min(ax1, bx1) - MathF.Max(ax0, bx0), 0);
        var height = MathF.Max(MathF.Min(ay1, by1) - MathF.Max(ay0, by0), 0);
        var intersection = width * height;
        var union = (ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - intersection;
        var hull = (MathF.Max(ax1, bx1) - MathF.Min(ax0, bx0)) * (MathF.Max(ay1, by1) - MathF.Min(ay0, by0));
        return intersection / union - (hull - union) / hull;
    }

    private static double IoU(GroundingBox a, GroundingBox b)
    {
        var width = Math.Max(Math.Min(a.X1, b.X1) - Math.Max(a.X0, b.X0), 0);
        var height = Math.Max(Math.Min(a.Y1, b.Y1) - Math.Max(a.Y0, b.Y0), 0);
        var intersection = width * height;
        return intersection / ((a.X1 - a.X0) * (a.Y1 - a.Y0) + (b.X1 - b.X0) * (b.Y1 - b.Y0) - intersection);
    }
}
