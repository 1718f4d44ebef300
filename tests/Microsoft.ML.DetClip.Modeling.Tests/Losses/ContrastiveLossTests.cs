using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class ContrastiveLossTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.9)]
    public void It_is_torchs_cross_entropy_with_label_smoothing(double smoothing)
    {
        using var scope = NewDisposeScope();
        var logits = randn(5, 5, float64);
        var expected = nn.functional.cross_entropy(logits, arange(5), label_smoothing: smoothing);
        TensorAssert.Close(expected, ContrastiveLoss.Mean(logits, smoothing), absolute: 1e-12);
    }

    [Fact]
    public void Large_logits_do_not_overflow()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, ContrastiveLoss.Mean(1e6f * eye(3), 0).item<float>());
        Assert.Equal(1e6f, ContrastiveLoss.Mean(-1e6f * eye(2), 0).item<float>());
    }

    [Fact]
    public void Accuracy_counts_the_right_answers_on_top()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new float[] { 3, 1, 2, /**/ 0, 5, 9, /**/ 1, 1, 4 }).view(3, 3);
        Assert.Equal(2 / 3.0, ContrastiveLoss.Accuracy(scores).item<float>(), 1e-6);
    }
}
