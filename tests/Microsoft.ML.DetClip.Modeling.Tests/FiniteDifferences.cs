using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Compares gradients with what the function itself does when its inputs move a little.</summary>
internal static class FiniteDifferences
{
    private const double Step = 1e-6;

    /// <summary>Moves each input along a random direction and compares the central difference with the slope that the gradient promises.</summary>
    /// <param name="function">A scalar of the inputs.</param>
    /// <param name="inputs">Float64; at a place where the function has no crease.</param>
    public static void AgreeWithGradients(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        var gradients = Gradients(function, inputs);
        foreach (var (i, gradient) in gradients.Index())
        {
            using var frozen = no_grad();
            var direction = randn(inputs[i].shape, float64);
            double At(double by) => function([.. inputs.Select((x, j) => j == i ? x + direction * by : x)]).item<double>();
            var expected = (gradient * direction).sum().item<double>();
            Assert.True(Math.Abs(expected) > 1e-9, $"Input {i} has no influence, so its gradient is not tested.");
            Assert.Equal(expected, (At(Step) - At(-Step)) / (2 * Step), 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    /// <summary>Gradients of a scalar by its inputs.</summary>
    public static Tensor[] Gradients(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        var leaves = inputs.Select(x => x.detach().requires_grad_()).ToArray();
        function(leaves).backward();
        return [.. leaves.Select(x => x.grad!)];
    }
}
