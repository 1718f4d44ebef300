using System.Diagnostics;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Training;
using Microsoft.ML.DetClip.Training.Tests;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>Where the time of a whole training step goes, part by part, each waited for; and what the step takes when nothing is waited for.</summary>
/// <remarks>Options: --gpu number of a CUDA device (else the CPU), --variant nano, --batch 8, --side 128, --precision BFloat16, --rounds 10, --threads 1.</remarks>
internal static class StepParts
{
    public static void Run(BenchmarkOptions options)
    {
        set_num_threads(options.Count("threads", 1));
        var place = device(options.Text("gpu", "") is { Length: > 0 } gpu ? $"cuda:{gpu}" : "cpu");
        var (side, rounds) = (options.Count("side", 128), options.Count("rounds", 10));
        var kind = new KindOptions { BatchSize = options.Count("batch", 8), SmallestShortSide = side, ShortSide = side, LongSide = side };
        var settings = DetClipTrainer.Options.Nano with
        {
            Network = DetClipVariants.Named(options.Text("variant", "nano")),
            Detection = kind,
            Precision = Enum.Parse<TrainingPrecision>(options.Text("precision", "BFloat16")),
        };
        using var network = DetClipNetwork.Create(settings.Network, seed: 1);
        using var state = new TrainingState(network, settings, place);
        var tokens = new SentenceTokens(new WordTokenizer(DrawnWorld.Words), settings.Network.Text.Length);
        var batches = new BatchMaker(new DrawnWorld(side).Scenes(kind.BatchSize, DrawnWorld.Seen, seed: 1), tokens, settings with { Epochs = 3 * rounds });
        network.train();
        var step = new Step(state, new(network, state.Pairs, settings), TorchOps.ForTraining(BatchLoss.TypeOf(settings.Precision), recompute: false), place);
        var parts = new Dictionary<string, List<double>>();
        for (var round = 0; round <= 2 * rounds; round++) step.Run(batches.Make(round), round <= rounds ? parts : null, round > 0);
        Console.WriteLine($"{settings.Network.Variant}, {kind.BatchSize} images of {side}x{side}, {settings.Precision}, {place}; medians of {rounds}, ms");
        foreach (var (name, times) in parts.Concat(step.Whole)) Console.WriteLine($"| {name} | {times.Order().ElementAt(times.Count / 2):F1} |");
    }

    private sealed class Step(TrainingState state, BatchLoss losses, TorchOps ops, Device place)
    {
        public Dictionary<string, List<double>> Whole { get; } = [];

        public void Run(TrainingBatch made, Dictionary<string, List<double>>? parts, bool counts)
        {
            using var scope = NewDisposeScope();
            var start = Stopwatch.GetTimestamp();
            TrainingBatch? batch = null;
            Tensor? total = null;
            Part("to the device", () => batch = made.To(place));
            Part("texts", () => { using var none = no_grad(); state.Network.EncodeText(TorchOps.Training, batch!.Tokens); }, only: true);
            Part("image forward, no gradient", () => { using var none = no_grad(); state.Network.Locations(ops, batch!.Pixels); }, only: true);
            Part("forward and loss", () => total = losses.Compute(batch!).Total);
            Part("backward", () => state.Optimizer.Add(total!));
            Part("optimizer", () => state.Optimizer.Step(0.01));
            batch!.Dispose();
            if (parts is null && counts) Add(Whole, "whole, not waited for", start);

            void Part(string name, Action act, bool only = false)
            {
                if (only && parts is null) return;
                var from = Stopwatch.GetTimestamp();
                act();
                if (parts is null) return;
                if (place.type == DeviceType.CUDA) cuda.synchronize();
                if (counts) Add(parts, name, from);
            }
        }

        private static void Add(Dictionary<string, List<double>> to, string name, long from)
        {
            if (!to.TryGetValue(name, out var times)) to[name] = times = [];
            times.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }
    }
}
