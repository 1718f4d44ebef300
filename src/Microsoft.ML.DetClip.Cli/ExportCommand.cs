using System.CommandLine;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip export</c>: a network becomes a detector that runs without torch, and is compared with what it was.</summary>
internal static class ExportCommand
{
    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var network = new NetworkOptions();
        var output = new Option<string>("--out", "-o") { Description = "Folder for the detector; an older export there is replaced.", HelpName = "folder", Required = true };
        var maxRegions = PositiveOption("--max-regions", "Most regions of an image that the detector returns, unless its caller asks for another number.", new ExportOptions().MaxRegions);
        var noParity = new Option<bool>("--no-parity") { Description = "Do not compare the detector with the network." };
        var usual = new ParityOptions().Sizes;
        var sizes = ImageSizes.CreateOption("--sizes", "Image sizes on which to compare, each <height>x<width> in pixels.", usual);
        var command = new CliCommand("export", "Write a network as a detector: ONNX graphs, tokenizer and manifest. Then compare it with the network; exit code 1 where they disagree.")
        {
            network.Checkpoint, network.Variant, network.Seed, network.Vocabulary, output, maxRegions, noParity, sizes,
        };
        command.Validators.Add(network.Validate);
        command.SetAction((parsed, _) =>
        {
            using var source = network.Load(parsed, terminal);
            var folder = parsed.GetRequiredValue(output);
            DetectorExporter.Export(source.Network, source.Tokenizer, new() { MaxRegions = parsed.GetValue(maxRegions) }, folder);
            return Task.FromResult(parsed.GetValue(noParity) ? ExitCode.Success : Compare(source.Network, folder, parsed.GetValue(sizes) ?? usual, terminal));
        });
        return command;
    }

    private static int Compare(DetClipNetwork network, string folder, IReadOnlyList<(int Height, int Width)> sizes, Terminal terminal)
    {
        var report = ParityMeasurement.Measure(network, folder, new() { Sizes = sizes });
        report.Save(Path.Combine(folder, DetectorContract.ParityFile));
        terminal.Output.WriteLine(report.ToTable());
        if (report.Passed) return ExitCode.Success;
        terminal.Fail($"the detector in '{folder}' and its network disagree by more than {report.Bound}; do not use it.");
        return ExitCode.Failure;
    }

    private static Option<int> PositiveOption(string name, string description, int value)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (!result.Errors.Any() && result.GetValueOrDefault<int>() is < 1 and var given) result.AddError($"{name} is {given}; it must be positive.");
        });
        return option;
    }
}
