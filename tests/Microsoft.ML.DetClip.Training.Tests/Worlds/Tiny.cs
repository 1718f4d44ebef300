using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>The smallest network of all parts, and settings to train it on small scenes: a step takes milliseconds.</summary>
internal static class Tiny
{
    public static DrawnWorld World { get; } = new(side: 64);

    public static WordTokenizer Tokenizer { get; } = new(DrawnWorld.Words);

    public static DetClipConfig Network { get; } = new()
    {
        Variant = "tiny",
        Backbone = new() { Channels = 8, Depths = [1, 1, 1, 1], Heads = [1, 1, 2, 2], Window = 4, DropPath = 0.1 },
        Head = new() { Channels = 8, TowerDepth = 1, NormGroups = 2, AnchorScale = 4 },
        Text = new() { Vocabulary = Tokenizer.VocabularySize, Layers = 1, Width = 8, Heads = 2, Length = 4 },
        EmbeddingWidth = 8,
    };

    public static DetClipTrainer.Options Options { get; } = DetClipTrainer.Options.Nano with
    {
        Network = Network,
        Detection = new() { BatchSize = 2, SmallestShortSide = 48, ShortSide = 64, LongSide = 64 },
        Epochs = 2,
        WarmupSteps = 2,
    };

    /// <summary>The same for a trainer, which learns a tokenizer of its own.</summary>
    public static DetClipTrainer.Options OptionsForTrainer { get; } = Options with { Network = Network with { Text = Network.Text with { Vocabulary = 560, Length = 8 } } };

    public static IReadOnlyList<TrainingSample> Samples(int count) => World.Scenes(count, DrawnWorld.Seen, seed: 5);

    /// <summary>A scene as a sample of another kind; its caption names its objects.</summary>
    public static TrainingSample As(SampleKind kind, TrainingSample scene) => scene with
    {
        Kind = kind,
        Caption = kind == SampleKind.Detection ? null : string.Join(" ", scene.Concepts.Select(c => c.Name)),
        Boxes = kind == SampleKind.Pairs ? [] : scene.Boxes,
    };

    public static float[] Weights(DetClipNetwork network) => [.. network.state_dict().OrderBy(w => w.Key).SelectMany(w => w.Value.data<float>().ToArray())];
}
