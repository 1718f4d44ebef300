using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class CenternessLossTests
{
    [Fact]
    public void Targets_fall_from_one_at_the_middle_to_zero_at_the_edge()
    {
        using var scope = NewDisposeScope();
        var box = tensor(new float[] { 0, 0, 10, 20 }).view(1, 4).expand(4, 4);
        var points = tensor(new float[] { 5, 10, 2, 10, 2, 4, 0, 10 }).view(4, 2);

        var targets = CenternessLoss.Targets(points, box);

        TensorAssert.Close(tensor(new[] { 1, MathF.Sqrt(2f / 8), MathF.Sqrt(2f / 8 * 4f / 16), 0 }), targets, absolute: 1e-6);
    }

    [Fact]
    public void Loss_is_least_where_the_prediction_equals_the_target()
    {
        using var scope = NewDisposeScope();
        var targets = tensor(new[] { 0.1f, 0.5f, 0.9f });
        var logits = (targets / (1 - targets)).log().requires_grad_(true);

        CenternessLoss.Mean(logits, targets).backward();

        TensorAssert.Close(zeros(3), logits.grad!, absolute: 1e-7);
    }
}
