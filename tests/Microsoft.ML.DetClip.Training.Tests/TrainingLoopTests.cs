using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class TrainingLoopTests
{
    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_seed_others()
    {
        static float[] Train(long seed)
        {
            using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
            Loop(network, Tiny.Options with { Seed = seed, AverageDecay = 0.5 }).Run();
            return Tiny.Weights(network);
        }

        var first = Train(1);
        Assert.Equal(first, Train(1));
        Assert.NotEqual(first, Train(2));
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        var live = new List<long>();
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var options = Tiny.Options with { Epochs = 6, AverageDecay = 0.9, BatchesAhead = 1 };

        Loop(network, options).Run(_ => live.Add(Tensor.TotalCount));

        Assert.Equal(12, live.Count);
        // The garbage collector may take what other tests left at any time, so the number may fall; a leak makes it rise.
        var rises = live.Skip(2).Zip(live.Skip(3)).Count(pair => pair.Second > pair.First);
        Assert.True(rises == 0, $"live tensors after each step: {string.Join(", ", live)}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    public void A_run_leaves_no_tensors_behind(double averageDecay)
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var options = Tiny.Options with { AverageDecay = averageDecay };
        var validation = new TrainingValidation(Tiny.Samples(2), [new Concept("red circle")], new SentenceTokens(Tiny.Tokenizer, length: 4), shortSide: 64, longSide: 64);
        Loop(network, options).Run();
        var live = Tensor.TotalCount;

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), options, CPU) { Validation = validation }.Run();

        Assert.InRange(Tensor.TotalCount, 0, live); // fewer when the garbage collector took what other tests left
    }

    [Fact]
    public void Loss_falls_on_scenes_seen_again_and_again()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var losses = new List<double>();

        Loop(network, Tiny.Options with { Epochs = 40, LearningRate = 5e-3, Detection = Tiny.Options.Detection with { FlipProbability = 0, SmallestShortSide = 64 } }).Run(step => losses.Add(step.Loss));

        Assert.True(losses.TakeLast(10).Average() < 0.8 * losses.Take(10).Average(), $"from {losses.Take(10).Average():F3} to {losses.TakeLast(10).Average():F3}");
    }

    [Fact]
    public void Progress_tells_where_the_run_stands()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var steps = new List<TrainingProgress>();

        var done = Loop(network, Tiny.Options with { Epochs = 3 }).Run(steps.Add);

        Assert.Equal(6, done);
        Assert.Equal(Enumerable.Range(1, 6), steps.Select(s => (int)s.Step));
        Assert.All(steps, s => Assert.Equal(6, s.TotalSteps));
        Assert.Equal(3, steps[^1].Epoch);
        Assert.All(steps, s => Assert.Equal(s.Loss, s.AlignmentLoss + 2 * s.BoxLoss + s.CenternessLoss, 1e-4 * s.Loss));
        Assert.All(steps, s => Assert.True(s.ImagesPerSecond > 0 && s.GradientNorm > 0 && s.LearningRate > 0));
    }

    [Fact]
    public void Progress_reads_as_a_sentence() => Assert.Equal(
        "step 50 of 400, epoch 1.25: loss 1.302 (alignment 0.421, boxes 0.131, centerness 0.620), rate 1.0E-03, 21.3 images/s",
        new TrainingProgress(50, 400, 1.25, 1.3024, 0.421, 0.1306, 0.62, 1e-3, 4, 21.34).ToString());

    [Fact]
    public void Cancelling_ends_the_run_and_keeps_what_was_learned()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        var before = Tiny.Weights(network);
        using var cancellation = new CancellationTokenSource();

        var steps = Loop(network, Tiny.Options with { Epochs = 100 }).Run(step => { if (step.Step == 3) cancellation.Cancel(); }, cancellation.Token);

        Assert.Equal(3, steps);
        Assert.NotEqual(before, Tiny.Weights(network));
        Assert.False(network.training);
    }

    [Fact]
    public void A_loss_that_is_no_number_stops_the_run_and_names_step_and_images()
    {
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);

        var error = Assert.Throws<NonFiniteLossException>(() => Loop(network, Tiny.Options).Run(step =>
        {
            if (step.Step == 2) using (no_grad()) network.named_parameters().First(p => p.name == "similarity.bias").parameter.fill_(float.NaN);
        }));

        Assert.Equal(3, error.Step);
        Assert.Equal(2, error.Images.Count);
        Assert.Contains("step 3", error.Message);
        Assert.Contains("scene 5.", error.Message);
    }

    private static TrainingLoop Loop(DetClipNetwork network, DetClipTrainer.Options options) => new(network, Tiny.Tokenizer, Tiny.Samples(4), options, CPU);
}
