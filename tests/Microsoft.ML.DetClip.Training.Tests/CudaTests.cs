using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;
using TorchSharp;
using Xunit.Abstractions;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>Training on a GPU. Convolutions round their factors to 10 bits there (TF32), and sums are in no fixed order.</summary>
public sealed class CudaTests(ITestOutputHelper output) : IDisposable
{
    private static readonly DetClipTrainer.Options Options = Tiny.OptionsForTrainer;

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-cuda").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [CudaTheory]
    [InlineData(TrainingPrecision.Float32, 0.005, 0.999)]
    [InlineData(TrainingPrecision.BFloat16, 0.05, 0.98)]
    [InlineData(TrainingPrecision.Float16, 0.01, 0.998)]
    public void First_loss_and_gradient_are_nearly_those_of_the_CPU(TrainingPrecision precision, double lossTolerance, double leastCosine)
    {
        using var scope = NewDisposeScope();
        foreach (var kind in Enum.GetValues<SampleKind>())
        {
            using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
            var (expectedLoss, expected) = FirstStep.LossAndGradient(network, kind, TrainingPrecision.Float32);
            var (loss, gradient) = FirstStep.LossAndGradient(network, kind, precision, CUDA);
            var cosine = (gradient.dot(expected) / gradient.norm() / expected.norm()).item<float>();

            output.WriteLine($"{kind}: loss {loss:G6}, on the CPU {expectedLoss:G6}; cosine of gradients {cosine:F6}");
            Assert.Equal(expectedLoss, loss, lossTolerance * expectedLoss);
            Assert.True(cosine >= leastCosine, $"{kind}: cosine {cosine}");
        }
    }

    [CudaTheory]
    [InlineData(TrainingPrecision.Float32, false)]
    [InlineData(TrainingPrecision.BFloat16, true)]
    [InlineData(TrainingPrecision.Float16, false)]
    public void A_run_learns_and_leaves_no_tensors_behind(TrainingPrecision precision, bool recompute)
    {
        var options = Tiny.Options with { Epochs = 60, LearningRate = 5e-3, Precision = precision, RecomputeActivations = recompute, AverageDecay = 0.9 };
        using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
        List<double> losses = [];
        List<long> live = [];

        new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), options, CUDA).Run(step =>
        {
            losses.Add(step.Loss);
            live.Add(Tensor.TotalCount);
        });

        output.WriteLine($"from {losses.Take(20).Average():F3} to {losses.TakeLast(20).Average():F3}");
        Assert.True(losses.TakeLast(20).Average() < 0.8 * losses.Take(20).Average());
        Assert.InRange(live[^1], 0, live[20] + 10); // batches that wait for their step come and go
    }

    [CudaFact]
    public void A_run_that_goes_on_ends_where_one_in_one_piece_does()
    {
        var options = Tiny.Options with { Epochs = 4, AverageDecay = 0.5, Detection = Tiny.Options.Detection with { FlipProbability = 0 } };

        float[] Train(int stop, bool resume)
        {
            using var network = DetClipNetwork.Create(Tiny.Network, seed: 1);
            using var cancellation = new CancellationTokenSource();
            new TrainingLoop(network, Tiny.Tokenizer, Tiny.Samples(4), options with { Resume = resume }, CUDA) { Folder = resume ? new(_folder, ResumableRun.Tokenizer) : null }
                .Run(step => { if (step.Step == stop) cancellation.Cancel(); }, cancellation.Token);
            network.to(CPU);
            return Tiny.Weights(network);
        }

        var whole = Train(stop: 0, resume: false);
        Train(stop: 3, resume: true);
        var parts = Train(stop: 0, resume: true);

        var greatest = whole.Zip(parts).Max(pair => Math.Abs(pair.First - pair.Second));
        output.WriteLine($"greatest difference of a weight: {greatest:G3}");
        Assert.InRange(greatest, 0, 8 * 1e-3); // 8 steps at the rate of 1e-3, each of which may go another way where a gradient is next to nothing
    }

    [CudaFact]
    public void Fit_on_a_GPU_gives_a_detector_that_finds_the_same_on_the_CPU()
    {
        var context = new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        var data = context.Data.LoadFromEnumerable(Tiny.Samples(4).Select(SampleRow.Of));
        var steps = new List<TrainingProgress>();
        var options = Options with { Epochs = 4, RunFolder = _folder, EpochsPerValidation = 2, SamplePictures = 1, StepsPerPicture = 2 };
        OpenVocabularyDetectionTransformer Fit(DetClipTrainer.Options settings) =>
            context.DetClip().Trainers.OpenVocabularyDetection(settings).Fit(data, data, new Sink(steps.Add));

        using var detector = Fit(options);
        using var again = Fit(Options with { StartFrom = Path.Combine(_folder, "last.safetensors"), Epochs = 1, Mode = FineTuningMode.OffsetsOnly });
        using var onCpu = detector.WithOptions(detector.Options with { Runtime = new() { Provider = ExecutionProvider.Cpu } });

        Assert.Contains(steps, s => s.Validation is not null);
        Assert.True(File.Exists(Path.Combine(_folder, "last.safetensors")));
        var (scores, expected) = (Scores(detector), Scores(onCpu));
        Assert.Equal(4, expected.Length);
        Assert.All(expected.Zip(scores), pair => Assert.Equal(pair.First.Max(), pair.Second.Max(), 0.01f));

        float[][] Scores(ITransformer model) => [.. model.Transform(data).GetColumn<VBuffer<float>>("Score").Select(s => s.DenseValues().DefaultIfEmpty().ToArray())];
    }
}
