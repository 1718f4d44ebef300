using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Each of B things has one right answer among B candidates, that of its own number (van den Oord et al. 2018, eq. 4).</summary>
internal static class ContrastiveLoss
{
    /// <summary>Cross entropy of the softmax over candidates.</summary>
    /// <param name="logits">Searches × candidates, float [B, B].</param>
    /// <param name="labelSmoothing">ε: the target is 1 − ε for the right answer, plus ε / B for every candidate (Szegedy et al. 2016, section 7).</param>
    /// <returns>Mean over the searches. Scalar, [].</returns>
    public static Tensor Mean(Tensor logits, double labelSmoothing)
    {
        using var scope = NewDisposeScope();
        var logProbabilities = logits.log_softmax(1);
        var right = logProbabilities.diagonal().mean();
        var all = logProbabilities.mean();
        return (Number(labelSmoothing - 1) * right - Number(labelSmoothing) * all).MoveToOuterDisposeScope();
    }

    /// <summary>Share of the searches whose right answer has the highest score, 0 to 1.</summary>
    /// <param name="scores">Searches × candidates, float [B, B].</param>
    public static Tensor Accuracy(Tensor scores)
    {
        using var scope = NewDisposeScope();
        return scores.argmax(1).eq(Range(scores.shape[0], int64, scores.device)).to(float32).mean().MoveToOuterDisposeScope();
    }
}
