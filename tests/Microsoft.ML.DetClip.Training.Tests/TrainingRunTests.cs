using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>What a run does besides following gradients: accumulating, stopping early, lowering the rate, learning from all kinds of data, refusing what is no number.</summary>
public sealed class TrainingRunTests : IDisposable
{
    private static readonly KindOptions Kind = Tiny.Options.Detection with { SmallestShortSide = 64, FlipProbability = 0 };

    private static readonly IReadOnlyList<TrainingSample> AllKinds =
        [.. Enum.GetValues<SampleKind>().SelectMany(kind => Tiny.Samples(4).Select(s => Tiny.As(kind, s)))];

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-recipe").FullName;

    [Theory]
    [InlineData(SampleKind.Detection)]
    [InlineData(SampleKind.Grounding)]
    public void Two_batches_make_the_step_of_one_twice_as_large_where_both_have_as_many_positives(SampleKind kind)
    {
        // The same image again and again: every batch has as many positives per image.
        TrainingSample[] sample = [Tiny.As(kind, Tiny.Samples(1)[0])];
        var network = Tiny.Network with { Backbone = Tiny.Network.Backbone with { DropPath = 0 } };
        var options = Tiny.Options with { Epochs = 8, Detection = Kind with { BatchSize = 2 }, Grounding = Kind with { BatchSize = 2 } };
        var half = Kind with { BatchSize = 1 };

        var whole = Train(options, sample, network);
        var parts = Train(options with { AccumulationSteps = 2, Detection = half, Grounding = half }, sample, network);

        Assert.Equal(4, whole.Count);
        Assert.Equal(4, parts.Count);
        foreach (var (one, other) in whole.Zip(parts))
        {
            Assert.Equal(one.Loss, other.Loss, 1e-3 * one.Loss);
            Assert.Equal(one.GradientNorm, other.GradientNorm, 1e-2 * one.GradientNorm);
        }
    }

    [Fact]
    public void All_three_losses_fall_in_one_run()
    {
        var options = Tiny.Options with
        {
            Epochs = 40,
            LearningRate = 5e-3,
            Detection = Kind,
            Grounding = Kind,
            Pairs = Kind with { BatchSize = 4, Weight = 2 },
            WordRegion = new() { Proposals = 10, Temperature = 0.1, LabelSmoothing = 0, Weight = 1 },
        };

        var steps = Train(options, AllKinds);

        Falls(SampleKind.Detection, s => s.Loss, 0.8);
        Falls(SampleKind.Grounding, s => s.AlignmentLoss, 0.8);
        Falls(SampleKind.Pairs, s => s.PairLoss, 0.9);

        void Falls(SampleKind kind, Func<TrainingProgress, double> loss, double to)
        {
            var losses = steps.Where(s => s.Kind == kind).Select(loss).ToArray();
            var (first, last) = (losses.Take(10).Average(), losses.TakeLast(10).Average());
            Assert.True(last < to * first, $"{kind}: from {first:F3} to {last:F3}");
        }
    }

    [Fact]
    public void Parts_that_a_kind_does_not_have_are_zero()
    {
        var steps = Train(Tiny.Options with { Detection = Kind, Grounding = Kind, Pairs = Kind }, AllKinds);

        Assert.All(steps.Where(s => s.Kind == SampleKind.Grounding), s => Assert.Equal((s.AlignmentLoss, 0, 0, 0), (s.Loss, s.BoxLoss, s.CenternessLoss, s.PairLoss)));
        Assert.All(steps.Where(s => s.Kind == SampleKind.Pairs), s => Assert.Equal((0, 0, 0), (s.AlignmentLoss, s.BoxLoss, s.CenternessLoss)));
        Assert.All(steps.Where(s => s.Kind == SampleKind.Pairs), s => Assert.Equal(0.1 * s.PairLoss, s.Loss, 1e-6)); // the paper's λ
        Assert.All(steps.Where(s => s.Kind == SampleKind.Detection), s => Assert.Equal(0, s.PairLoss));
    }

    [Fact]
    public void A_run_that_no_longer_gets_better_ends_with_its_best_weights()
    {
        // So small a network finds nothing in so few steps: the first measurement stays the best.
        var options = Tiny.Options with { Epochs = 50, EpochsPerValidation = 1, EarlyStoppingPatience = 3, RunFolder = _folder };
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var (steps, atBest) = (new List<TrainingProgress>(), Array.Empty<float>());

        Loop(network, options).Run(step =>
        {
            steps.Add(step);
            if (step.Step == 2) atBest = Tiny.Weights(network);
        });

        Assert.Equal(8, steps.Count); // one measurement after each two steps: a best one and three without a gain
        Assert.Equal(atBest, Tiny.Weights(network));
        using (var best = Checkpoint.Open(Path.Combine(_folder, "best.safetensors")))
        {
            using var loaded = best.CreateNetwork();
            Assert.Equal(2, best.Step);
            Assert.Equal((options.Detection.ShortSide, options.Detection.LongSide), best.ImageSize());
            Assert.Equal(atBest, Tiny.Weights(loaded));
        }

        using var again = DetClipNetwork.Create(Tiny.Network, seed: 1);
        Assert.Equal(8, Loop(again, options).Run(_ => Assert.Fail("The run was over.")));
        Assert.Equal(atBest, Tiny.Weights(again));
    }

    [Fact]
    public void A_run_with_validation_that_was_stopped_goes_on_bit_for_bit()
    {
        var options = Tiny.Options with { Epochs = 5, AverageDecay = 0.5, EarlyStoppingPatience = 3, PlateauPatience = 1 };
        using var whole = DetClipNetwork.Create(Tiny.Network, seed: 1);
        using var parts = DetClipNetwork.Create(Tiny.Network, seed: 1);

        Loop(whole, options).Run();
        for (var stop = 3; stop <= 9; stop += 3)
        {
            using var cancellation = new CancellationTokenSource();
            Loop(parts, options with { RunFolder = _folder }).Run(step => { if (step.Step == stop) cancellation.Cancel(); }, cancellation.Token);
        }

        Assert.Equal(Tiny.Weights(whole), Tiny.Weights(parts));
    }

    [Fact]
    public void A_plateau_lowers_the_rate()
    {
        var options = Tiny.Options with { Epochs = 6, LearningRate = 1e-3, EpochsPerValidation = 1, PlateauPatience = 2, Schedule = RateSchedule.Constant, WarmupSteps = 0, MinLearningRate = 2e-5 };
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var rates = new List<double>();

        Loop(network, options).Run(step => rates.Add(step.LearningRate));

        // Two steps for each measurement; the first is a gain.
        Assert.Equal([1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-3, 1e-4, 1e-4, 1e-4, 1e-4, 2e-5, 2e-5], rates.Select(r => Math.Round(r, 9)));
    }

    [Theory]
    [InlineData("similarity.bias", SampleKind.Detection, "alignment loss")]
    [InlineData("similarity.bias", SampleKind.Grounding, "alignment loss")]
    [InlineData("head.deltas.bias", SampleKind.Detection, "box loss")]
    [InlineData("head.centerness.bias", SampleKind.Detection, "centerness loss")]
    [InlineData("head.foreground.bias", SampleKind.Detection, "proposal loss")]
    [InlineData("text.text_projection", SampleKind.Pairs, "pair loss")]
    public void A_part_of_the_loss_that_is_no_number_is_named_and_the_weights_are_unharmed(string poisoned, SampleKind kind, string part)
    {
        var config = Tiny.Network with { Head = Tiny.Network.Head with { Foreground = true } };
        var options = Tiny.Options with { Network = config, AverageDecay = 0.5, AccumulationSteps = 2, Detection = Kind, Grounding = Kind, Pairs = Kind };
        using var network = DetClipNetwork.Create(config, seed: 1);
        var before = Array.Empty<float>();

        var error = Assert.Throws<NonFiniteLossException>(() => Loop(network, options, [.. Tiny.Samples(4).Select(s => Tiny.As(kind, s))]).Run(step =>
        {
            using var noGrad = no_grad();
            network.named_parameters().Single(p => p.name == poisoned).parameter.fill_(float.NaN);
            before = Tiny.Weights(network);
        }));

        Assert.Equal((2, kind, part), (error.Step, error.Kind, error.Part));
        Assert.Equal(2, error.Images.Count);
        Assert.StartsWith($"The {part} of step 2 is NaN, on ", error.Message);
        Assert.Contains(error.Images[0], error.Message);
        Assert.Equal(before, Tiny.Weights(network));
    }

    [Fact]
    public void A_gradient_that_is_infinite_stops_the_run_before_the_weights_are_harmed()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var before = Array.Empty<float>();

        var error = Assert.Throws<NonFiniteLossException>(() => Loop(network, Tiny.Options).Run(_ =>
        {
            var (_, parameter) = network.named_parameters().First();
            parameter.grad = full_like(parameter, float.PositiveInfinity); // the next step's is added to it
            before = Tiny.Weights(network);
        }));

        Assert.Equal("gradient", error.Part);
        Assert.Equal(before, Tiny.Weights(network));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<TrainingProgress> Train(DetClipTrainer.Options options, IReadOnlyList<TrainingSample> samples, DetClipConfig? config = null)
    {
        using var network = DetClipNetwork.Create(config ?? Tiny.Network, seed: 1);
        var steps = new List<TrainingProgress>();
        new TrainingLoop(network, Tiny.Tokenizer, samples, options, CPU).Run(steps.Add);
        return steps;
    }

    private static TrainingLoop Loop(DetClipNetwork network, DetClipTrainer.Options options, IReadOnlyList<TrainingSample>? samples = null) =>
        new(network, Tiny.Tokenizer, samples ?? Tiny.Samples(4), options, CPU)
        {
            Validation = new(Tiny.Samples(2), [new Concept("red circle")], new SentenceTokens(Tiny.Tokenizer, length: 4), shortSide: 64, longSide: 64),
            Folder = options.RunFolder is { } folder ? new(folder, ResumableRun.Tokenizer) : null,
        };
}
