using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class PrecisionTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(TrainingPrecision.BFloat16, 0.05, 0.99)]
    [InlineData(TrainingPrecision.Float16, 0.01, 0.999)]
    public void First_loss_and_gradient_are_nearly_those_of_single_precision(TrainingPrecision precision, double lossTolerance, double leastCosine)
    {
        using var scope = NewDisposeScope();
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        foreach (var kind in Enum.GetValues<SampleKind>())
        {
            var (loss, gradient) = FirstStep.LossAndGradient(network, kind, precision);
            var (expectedLoss, expected) = FirstStep.LossAndGradient(network, kind, TrainingPrecision.Float32);
            var cosine = (gradient.dot(expected) / gradient.norm() / expected.norm()).item<float>();

            Assert.Equal(expectedLoss, loss, lossTolerance * expectedLoss);
            Assert.True(cosine >= leastCosine, $"{kind}: cosine {cosine}");
        }
    }

    [LongFact]
    public void Sixty_steps_in_bfloat16_learn_as_those_in_single_precision()
    {
        var world = new DrawnWorld(side: 128);
        var options = DetClipTrainer.Options.Nano with
        {
            Epochs = 6,
            LearningRate = 3e-4,
            WarmupSteps = 10,
            Detection = new() { BatchSize = 4, SmallestShortSide = 128, ShortSide = 128, LongSide = 128 },
        };

        var (single, narrow) = (Losses(options), Losses(options with { Precision = TrainingPrecision.BFloat16 }));

        output.WriteLine($"{string.Join(" ", single.Select(l => $"{l:F3}"))}\n{string.Join(" ", narrow.Select(l => $"{l:F3}"))}");
        foreach (var (one, other) in single.Chunk(10).Zip(narrow.Chunk(10))) Assert.Equal(one.Average(), other.Average(), 0.1 * one.Average());

        double[] Losses(DetClipTrainer.Options settings)
        {
            using var network = DetClipNetwork.Create(options.Network, seed: 1);
            var losses = new List<double>();
            new TrainingLoop(network, Tiny.Tokenizer, world.Scenes(40, DrawnWorld.Seen, seed: 1), settings, CPU).Run(step => losses.Add(step.Loss));
            return [.. losses];
        }
    }

    [Fact]
    public void A_network_of_few_channels_trains_in_bfloat16()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var losses = new List<double>();
        var options = Tiny.Options with { Epochs = 60, LearningRate = 5e-3, Precision = TrainingPrecision.BFloat16 };

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), options, CPU).Run(step => losses.Add(step.Loss));

        Assert.Equal(120, losses.Count);
        Assert.True(losses.TakeLast(20).Average() < 0.8 * losses.Take(20).Average());
    }

    [Fact]
    public void Float16_skips_steps_that_overflow_and_goes_on()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var steps = new List<TrainingProgress>();
        var options = Tiny.Options with { Epochs = 20, LearningRate = 5e-3, Precision = TrainingPrecision.Float16 };

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), options, CPU).Run(steps.Add);

        Assert.Equal(40, steps.Count);
        Assert.InRange(steps.Count(s => double.IsFinite(s.GradientNorm)), 25, 40);
        Assert.True(steps.TakeLast(10).Average(s => s.Loss) < steps.Take(10).Average(s => s.Loss));
    }
}
