using System.Diagnostics;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Training;
using Microsoft.ML.DetClip.Training.Tests;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>Memory of a long run: nano on drawn scenes through the loop that users run. Options: --steps 2000, --side 128, --batch 8, --threads 1.</summary>
internal static class Soak
{
    private const int Every = 100;

    public static void Run(BenchmarkOptions options)
    {
        set_num_threads(options.Count("threads", 1));
        var (steps, side, batch) = (options.Count("steps", 2000), options.Count("side", 128), options.Count("batch", 8));
        var scenes = new DrawnWorld(side).Scenes(200, DrawnWorld.Seen, seed: 1);
        var training = DetClipTrainer.Options.Nano with
        {
            Detection = new() { BatchSize = batch, SmallestShortSide = side * 3 / 4, ShortSide = side, LongSide = side },
            Epochs = (double)steps * batch / scenes.Count,
            AverageDecay = 0.99,
        };
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var clock = Stopwatch.StartNew();
        Console.WriteLine("step: resident MB, managed MB, live tensors, loss, minutes");
        new TrainingLoop(network, new WordTokenizer(DrawnWorld.Words), scenes, training, CPU).Run(step =>
        {
            if (step.Step % Every != 0 && step.Step != 1) return;
            Console.WriteLine($"{step.Step}: {Environment.WorkingSet >> 20}, {GC.GetTotalMemory(forceFullCollection: false) >> 20}, {Tensor.TotalCount}, {step.Loss:F3}, {clock.Elapsed.TotalMinutes:F1}");
        });
    }
}
