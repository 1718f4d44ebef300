using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Geometry of boxes held as tensors [..., 4]: corners x0, y0, x1, y1 in pixels. Two tensors may broadcast against each other.</summary>
internal static class BoxTensors
{
    /// <summary>Width and height, each [...]; negative for a box turned inside out.</summary>
    public static (Tensor Width, Tensor Height) Sizes(Tensor boxes)
    {
        var (x0, y0, x1, y1) = Corners(boxes);
        return (x1 - x0, y1 - y0);
    }

    /// <summary>Centre, [..., 2] as x, y.</summary>
    public static Tensor Centers(Tensor boxes)
    {
        using var scope = NewDisposeScope();
        return (boxes.narrow(-1, 0, 2).Plus(boxes.narrow(-1, 2, 2)) / Number(2)).MoveToOuterDisposeScope();
    }

    /// <summary>Distances from a point to the left, top, right and bottom edge, [..., 4]; all positive inside the box.</summary>
    /// <param name="points">Points x, y, [..., 2].</param>
    /// <param name="boxes">Boxes, [..., 4].</param>
    public static Tensor EdgeDistances(Tensor points, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        return cat([points - boxes.narrow(-1, 0, 2), boxes.narrow(-1, 2, 2) - points], dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>Intersection over union, [...]: 0 (apart) to 1 (the same); 0 for two empty boxes.</summary>
    public static Tensor IoU(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (intersection, union) = Overlap(a, b);
        return (intersection / union.clamp(min: Number(Epsilon))).MoveToOuterDisposeScope();
    }

    /// <summary>Generalised intersection over union, [...]: −1 (far apart) to 1 (the same). Rezatofighi et al. 2019, algorithm 1.</summary>
    public static Tensor GeneralizedIoU(Tensor a, Tensor b)
    {
        using var scope = NewDisposeScope();
        var (intersection, union) = Overlap(a, b);
        var (ax0, ay0, ax1, ay1) = Corners(a);
        var (bx0, by0, bx1, by1) = Corners(b);
        var hull = (ax1.maximum(bx1) - ax0.minimum(bx0)) * (ay1.maximum(by1) - ay0.minimum(by0));
        return (intersection / union.Plus(Epsilon) - (hull - union) / hull.Plus(Epsilon)).MoveToOuterDisposeScope();
    }

    // In square pixels: far below any real box, and enough to keep 0/0 out of values and gradients.
    private const double Epsilon = 1e-7;

    private static (Tensor Intersection, Tensor Union) Overlap(Tensor a, Tensor b)
    {
        var (ax0, ay0, ax1, ay1) = Corners(a);
        var (bx0, by0, bx1, by1) = Corners(b);
        var width = (ax1.minimum(bx1) - ax0.maximum(bx0)).clamp(min: Number(0));
        var height = (ay1.minimum(by1) - ay0.maximum(by0)).clamp(min: Number(0));
        var intersection = width * height;
        var union = ((ax1 - ax0) * (ay1 - ay0)).Plus((bx1 - bx0) * (by1 - by0)) - intersection;
        return (intersection, union);
    }

    private static (Tensor X0, Tensor Y0, Tensor X1, Tensor Y1) Corners(Tensor boxes)
    {
        var parts = boxes.unbind(-1);
        return (parts[0], parts[1], parts[2], parts[3]);
    }
}
