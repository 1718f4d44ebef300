using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Boxes as offsets from anchors: shift of the centre over the anchor's size, and logarithm of the ratio of sizes. Girshick et al. 2014, appendix C.</summary>
/// <remarks>Each offset is divided by its standard deviation, so that the network's outputs have unit scale.</remarks>
/// <param name="CenterStd">Standard deviation of the two shifts.</param>
/// <param name="SizeStd">Standard deviation of the two log ratios.</param>
internal sealed record DeltaBoxCoder(double CenterStd = BoxCoding.CentreStd, double SizeStd = BoxCoding.SizeStd)
{
    /// <summary>The deltas that lead from an anchor to a box.</summary>
    /// <param name="anchors">Corners, float [..., 4].</param>
    /// <param name="boxes">Corners, float [..., 4]; width and height above 0.</param>
    /// <returns>dx, dy, dw, dh: float [..., 4].</returns>
    public Tensor Encode(Tensor anchors, Tensor boxes)
    {
        using var scope = NewDisposeScope();
        var (anchorSizes, boxSizes) = (Sizes(anchors), Sizes(boxes));
        var shift = (BoxTensors.Centers(boxes) - BoxTensors.Centers(anchors)) / anchorSizes / Number(CenterStd);
        var growth = (boxSizes / anchorSizes).log() / Number(SizeStd);
        return cat([shift, growth], dim: -1).MoveToOuterDisposeScope();
    }

    /// <summary>The boxes that the deltas lead to.</summary>
    /// <param name="anchors">Corners, float [..., 4].</param>
    /// <param name="deltas">dx, dy, dw, dh: float [..., 4].</param>
    /// <returns>Corners, float [..., 4]; not clipped to the image. At most 62.5 times, and at least 1 / 62.5, as wide and as high as the anchor.</returns>
    public Tensor Decode(Tensor anchors, Tensor deltas)
    {
        using var scope = NewDisposeScope();
        var anchorSizes = Sizes(anchors);
        var centers = BoxTensors.Centers(anchors).Plus(deltas.narrow(-1, 0, 2) * Number(CenterStd) * anchorSizes);
        var halves = (deltas.narrow(-1, 2, 2) * Number(SizeStd)).clamp(Number(-BoxCoding.MaxLogRatio), Number(BoxCoding.MaxLogRatio)).exp() * anchorSizes / Number(2);
        return cat([centers - halves, centers.Plus(halves)], dim: -1).MoveToOuterDisposeScope();
    }

    private static Tensor Sizes(Tensor boxes) => boxes.narrow(-1, 2, 2) - boxes.narrow(-1, 0, 2); // [..., 2]: width, height
}
