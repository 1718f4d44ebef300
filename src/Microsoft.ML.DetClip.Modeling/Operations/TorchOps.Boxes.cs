using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class TorchOps
{
    public override Tensor Anchors(Tensor map, int stride, double side, double offset)
    {
        var rows = Range(map.shape[2], float32, map.device).Plus(offset) * Number(stride);    // [H]
        var columns = Range(map.shape[3], float32, map.device).Plus(offset) * Number(stride); // [W]
        var y = rows.unsqueeze(1).expand(-1, columns.shape[0]).flatten();             // [H·W]
        var x = columns.unsqueeze(0).expand(rows.shape[0], -1).flatten();
        var half = side / 2;
        return stack([x.Plus(-half), y.Plus(-half), x.Plus(half), y.Plus(half)], 1);                    // [H·W, 4]
    }

    public override Tensor ConcatAnchors(IReadOnlyList<Tensor> levels) => cat([.. levels], 0);

    public override Tensor DecodeBoxes(Tensor anchors, Tensor deltas)
    {
        var size = anchors.narrow(1, 2, 2) - anchors.narrow(1, 0, 2);                 // [L, 2]
        var centre = anchors.narrow(1, 0, 2).Plus(size * Number(0.5)).Plus(deltas.narrow(-1, 0, 2) * Number(BoxCoding.CentreStd) * size); // [B, L, 2]
        var half = (deltas.narrow(-1, 2, 2) * Number(BoxCoding.SizeStd)).clamp(Number(-BoxCoding.MaxLogRatio), Number(BoxCoding.MaxLogRatio)).exp() * size * Number(0.5);
        return cat([centre - half, centre.Plus(half)], -1);                               // [B, L, 4]
    }
}
