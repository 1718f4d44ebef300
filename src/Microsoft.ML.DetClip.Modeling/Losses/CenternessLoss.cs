using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Teaches each positive location how near it is to the middle of its box. Tian et al. 2019, eq. 3.</summary>
internal static class CenternessLoss
{
    /// <summary>√(min(l, r) / max(l, r) · min(t, b) / max(t, b)), l to b being the distances to the box's edges.</summary>
    /// <param name="points">Points x, y inside their boxes, in pixels: float [P, 2].</param>
    /// <param name="boxes">Corners, float [P, 4].</param>
    /// <returns>1 at the middle, towards 0 at an edge: float [P].</returns>
    public static Tensor Targets(Tensor points, Tensor boxes)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var distances = BoxTensors.EdgeDistances(points, boxes).clamp(min: Number(0)); // [P, 4]: l, t, r, b
        var (leftTop, rightBottom) = (distances.narrow(-1, 0, 2), distances.narrow(-1, 2, 2));
        var ratios = leftTop.minimum(rightBottom) / leftTop.maximum(rightBottom).clamp(min: Number(1e-6)); // [P, 2]
        return ratios.prod(-1).sqrt().MoveToOuterDisposeScope();
    }

    /// <summary>Binary cross entropy between predicted and true centerness.</summary>
    /// <param name="logits">Predicted centerness before the sigmoid, float [P].</param>
    /// <param name="targets">True centerness, 0 to 1: float [P].</param>
    /// <returns>The mean over P; 0, with a gradient of 0, when P is 0. Scalar, [].</returns>
    public static Tensor Mean(Tensor logits, Tensor targets)
    {
        using var scope = NewDisposeScope();
        var sum = (logits.Softplus() - logits * targets).sum();
        return (sum / Number(Math.Max(1, targets.shape[0]))).MoveToOuterDisposeScope();
    }
}
