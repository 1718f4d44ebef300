using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>First values of weights: some of TorchSharp's own are wrong, so each kind that is used is looked at.</summary>
public class InitialTests
{
    [Fact]
    public void A_truncated_normal_stays_within_two_deviations_and_has_the_right_spread()
    {
        using var scope = NewDisposeScope();
        var x = Initial.TruncatedNormal(0.02, 300, 300);
        Assert.InRange(x.abs().max().item<float>(), 0.035f, 0.04f);
        Assert.Equal(0, x.mean().item<float>(), 3e-4);
        Assert.Equal(0.02 * 0.8796, x.std().item<float>(), 3e-4); // a normal cut at two deviations spreads 0.8796 of them
    }

    [Fact]
    public void Weights_of_layers_spread_as_their_recipes_say()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0.3, Initial.Normal(0.3, 300, 300).std().item<float>(), 5e-3);
        Assert.Equal(0.1 * 0.8796, Initial.Linear(100, 300).weight!.std().item<float>(), 3e-3);
        Assert.Equal(0.01, Initial.Conv(64, 64, 3, std: 0.01).weight!.std().item<float>(), 3e-4);
        Assert.Equal(Math.Sqrt(2.0 / (9 * 64 + 9 * 32)), Initial.GlorotConv(64, 32, 3).weight!.std().item<float>(), 1e-3); // uniform in ±√(6 / (in + out))
    }

    [Fact]
    public void Norms_start_as_the_identity_and_biases_at_zero()
    {
        using var scope = NewDisposeScope();
        var network = DetClipNetwork.Create(DetClipVariants.Nano with { Similarity = SimilarityConfig.Yoloe }, seed: 1);
        foreach (var (name, value) in network.state_dict())
        {
            var norm = name.Split('.')[^2] is var part && (part.Contains("norm") || part.StartsWith("ln_"));
            if (norm && name.EndsWith("weight") || name.EndsWith("running_var")) TensorAssert.Equal(ones_like(value), value);
            if (norm && name.EndsWith("bias") || name.EndsWith("running_mean")) TensorAssert.Equal(zeros_like(value), value);
            Assert.True(value.isfinite().all().item<bool>(), name);
        }
    }

    [Fact]
    public void Batch_norm_uses_the_batch_in_training_and_running_statistics_afterwards()
    {
        using var scope = NewDisposeScope();
        var layer = Initial.BatchNorm(4);
        var x = 3 * randn(2, 50, 4) + 5;
        var rows = x.flatten(0, 1);
        var (mean, variance) = (rows.mean([0]), rows.var(0));

        layer.train();
        var trained = TorchOps.Training.BatchNorm(x, layer);
        TensorAssert.Close((x - mean) / (variance * 99 / 100 + layer.eps).sqrt(), trained, absolute: 1e-5);

        layer.eval();
        var momentum = 0.1;
        var expected = (x - momentum * mean) / (1 - momentum + momentum * variance + layer.eps).sqrt();
        TensorAssert.Close(expected, TorchOps.Inference.BatchNorm(x, layer), absolute: 1e-5);
    }
}
