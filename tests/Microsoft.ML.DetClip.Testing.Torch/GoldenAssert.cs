using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Testing;

/// <summary>Compares with a golden to within what two right float32 computations may differ.</summary>
public static class GoldenAssert
{
    /// <summary>Two roundings of one number, summed in any order, are this much further apart than one of them from the truth; measured differences stay below half of it.</summary>
    private const double Few = 4;

    /// <summary>Where a golden does not say how its own float32 rounds: steps of float32 at the greatest value of the output, over a whole network.</summary>
    private const double StepsOfWholeNetwork = 32;

    private const double Float32Step = 1.0 / (1 << 23);

    /// <summary>Within a few times the reference's own distance of float32 to float64, which the golden's metadata holds.</summary>
    /// <param name="golden">The reference.</param>
    /// <param name="output">Name of the output, in the golden and in its metadata.</param>
    /// <param name="actual">What was computed here.</param>
    public static void Close(Golden golden, string output, Tensor actual) => TensorAssert.Close(golden[output], actual, Few * golden.Rounding(output));

    /// <summary>Within some steps of float32 at the greatest expected value: for outputs and gradients whose rounding the golden does not tell.</summary>
    public static void CloseToScale(Tensor expected, Tensor actual) =>
        TensorAssert.Close(expected, actual, StepsOfWholeNetwork * Float32Step * expected.abs().max().to(float64).item<double>());
}
