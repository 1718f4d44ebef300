using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>A run of ten quick steps with everything that a checkpoint must keep: all kinds of data, drop path, an average, accumulation, a learned temperature.</summary>
internal static class ResumableRun
{
    public static ClipTokenizer Tokenizer { get; } = BytePairLearner.Learn(DrawnWorld.Names, mergeCount: 40);

    public static DetClipConfig Network { get; } = Tiny.Network with { Text = Tiny.Network.Text with { Vocabulary = Tokenizer.VocabularySize, Length = 8 } };

    public static IReadOnlyList<TrainingSample> Samples { get; } =
        [.. Enum.GetValues<SampleKind>().SelectMany(kind => Tiny.World.Scenes(4, DrawnWorld.Seen, seed: (int)kind).Select(s => Tiny.As(kind, s)))];

    private static KindOptions Kind { get; } = new() { BatchSize = 2, SmallestShortSide = 48, ShortSide = 64, LongSide = 64 };

    public static DetClipTrainer.Options Options { get; } = Tiny.Options with
    {
        Network = Network,
        Epochs = 2.5,
        LearningRate = 5e-3,
        AverageDecay = 0.6,
        AccumulationSteps = 2,
        Detection = Kind,
        Grounding = Kind,
        Pairs = Kind with { Weight = 1.6 },
        WordRegion = new() { LearnTemperature = true, Proposals = 10, Weight = 1 },
    };

    /// <summary>What a run ended with.</summary>
    internal sealed record Result(float[] Weights, IReadOnlyList<TrainingProgress> Steps);

    /// <summary>Trains from the beginning or from the checkpoint in the options' folder.</summary>
    public static Result Train(
        DetClipTrainer.Options options, Action<TrainingProgress>? afterStep = null, IReadOnlyList<TrainingSample>? samples = null,
        double dropPath = 0.1, Action? midWrite = null, CancellationToken cancellation = default)
    {
        using var network = DetClipNetwork.Create(Network with { Backbone = Network.Backbone with { DropPath = dropPath } }, seed: 1);
        var loop = new TrainingLoop(network, Tokenizer, samples ?? Samples, options, CPU)
        {
            Folder = options.RunFolder is { } folder ? new(folder, Tokenizer) { MidWrite = midWrite } : null,
        };
        var steps = new List<TrainingProgress>();
        loop.Run(step => { steps.Add(step); afterStep?.Invoke(step); }, cancellation);
        return new(Tiny.Weights(network), steps);
    }
}
