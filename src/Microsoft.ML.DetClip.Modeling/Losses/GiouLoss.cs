using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>1 − generalised IoU of a predicted and a true box: 0 (the same) to 2 (far apart). Rezatofighi et al. 2019, section 3.</summary>
internal static class GiouLoss
{
    /// <summary>The loss of each pair of boxes, not reduced.</summary>
    /// <param name="predicted">Corners, float [P, 4].</param>
    /// <param name="truth">Corners, float [P, 4].</param>
    /// <returns>Float [P].</returns>
    public static Tensor PerBox(Tensor predicted, Tensor truth)
    {
        using var scope = NewDisposeScope();
        return BoxTensors.GeneralizedIoU(predicted, truth).OneMinus().MoveToOuterDisposeScope();
    }

    /// <summary>The mean loss, each box counted by its weight.</summary>
    /// <param name="predicted">Corners, float [P, 4].</param>
    /// <param name="truth">Corners, float [P, 4].</param>
    /// <param name="weights">Weight of each box, 0 or more: float [P].</param>
    /// <returns>Scalar, []; 0, with a gradient of 0, when there are no boxes.</returns>
    public static Tensor Mean(Tensor predicted, Tensor truth, Tensor weights)
    {
        using var scope = NewDisposeScope();
        return ((PerBox(predicted, truth) * weights).sum() / weights.sum().clamp(min: Number(1e-6))).MoveToOuterDisposeScope();
    }
}
