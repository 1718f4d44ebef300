using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>A network that a command works on, and its tokenizer.</summary>
internal sealed record LoadedNetwork(DetClipNetwork Network, ClipTokenizer Tokenizer) : IDisposable
{
    /// <summary>The image size that it was trained for, in pixels; null where nobody knows.</summary>
    public (int ShortSide, int LongSide)? ImageSize { get; init; }

    public void Dispose() => Network.Dispose();
}

/// <summary>The options by which a command is told its network: a checkpoint, or a variant with random weights.</summary>
internal sealed class NetworkOptions
{
    /// <summary>A trained network.</summary>
    public Option<string> Checkpoint { get; } = new("--checkpoint", "-c") { Description = "Trained network: a checkpoint file.", HelpName = "file" };

    /// <summary>An untrained network.</summary>
    public Option<string> Variant { get; } = new("--variant")
    {
        Description = $"Untrained network, for measuring and testing: {string.Join(", ", DetClipVariants.All.Select(v => v.Variant))}.", HelpName = "name",
    };

    /// <summary>Seed of an untrained network's weights.</summary>
    public Option<long> Seed { get; } = new("--seed") { Description = "Seed of an untrained network's weights.", HelpName = "number", DefaultValueFactory = _ => 1 };

    /// <summary>Tokenizer of an untrained network.</summary>
    public Option<string> Vocabulary { get; } = new("--vocabulary", "-v")
    {
        Description = "Tokenizer of an untrained network: a byte-pair vocabulary in CLIP's layout. Without it, texts are read byte by byte.", HelpName = "file",
    };

    /// <summary>Reports what does not fit together.</summary>
    public void Validate(CommandResult result)
    {
        var (trained, untrained) = (result.GetResult(Checkpoint) is not null, result.GetResult(Variant) is not null);
        if (trained == untrained) result.AddError("Give either --checkpoint or --variant.");
        if (trained && result.GetResult(Vocabulary) is not null) result.AddError("--vocabulary goes with --variant; a checkpoint has a tokenizer of its own.");
        if (trained && result.GetResult(Seed) is { Implicit: false }) result.AddError("--seed goes with --variant; a checkpoint has weights of its own.");
    }

    /// <summary>Reads or makes the network.</summary>
    /// <exception cref="ArgumentException">There is no such variant.</exception>
    public LoadedNetwork Load(ParseResult parsed, Terminal terminal)
    {
        if (parsed.GetValue(Checkpoint) is not { } path)
            return Untrained(DetClipVariants.Named(parsed.GetRequiredValue(Variant)), parsed.GetValue(Seed), parsed.GetValue(Vocabulary), terminal);
        using var checkpoint = Training.Checkpoint.Open(path);
        return new(checkpoint.CreateNetwork(), checkpoint.Tokenizer) { ImageSize = checkpoint.ImageSize() };
    }

    private static LoadedNetwork Untrained(DetClipConfig config, long seed, string? vocabulary, Terminal terminal)
    {
        terminal.Warn($"{config.Variant} with seed {seed} is untrained: its detections mean nothing.");
        var tokenizer = vocabulary is null ? BytePairLearner.Learn([], mergeCount: 0) : ClipTokenizer.Load(vocabulary);
        if (vocabulary is not null) config = config with { Text = config.Text with { Vocabulary = tokenizer.VocabularySize } };
        return new(DetClipNetwork.Create(config, seed), tokenizer);
    }
}
