using System.CommandLine;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip export</c>: a network becomes a detector that runs without torch, and is compared with what it was.</summary>
internal sealed class ExportCommand
{
    private static readonly string[] ImageEndings = [".jpg", ".jpeg", ".png", ".webp", ".bmp"];

    private readonly NetworkOptions _network = new();
    private readonly Option<string> _output = new("--out", "-o") { Description = "Folder for the detector; an older export there is replaced.", HelpName = "folder", Required = true };
    private readonly Option<int> _maxRegions = PositiveOption("--max-regions",
        "Most regions of an image that the detector returns, unless its caller asks for another number.", new ExportOptions().MaxRegions);
    private readonly Option<int?> _shortSide = SizeOption("--short-side",
        $"Images are resized until their short side is this, or the long side is --long-side. Default: the checkpoint's recipe, or {new ExportOptions().ShortSide}.");
    private readonly Option<int?> _longSide = SizeOption("--long-side", $"See --short-side. Default: the checkpoint's recipe, or {new ExportOptions().LongSide}.");
    private readonly Option<bool> _noParity = new("--no-parity") { Description = "Do not compare the detector with the network." };
    private readonly Option<IReadOnlyList<(int Height, int Width)>?> _sizes =
        ImageSizes.CreateOption("--sizes", "Image sizes on which to compare, each <height>x<width> in pixels.", new ParityOptions().Sizes);
    private readonly Option<string> _freeze = new("--freeze")
    {
        Description = "Fold these names into the graph for good: JSON, or text with a name in each line. The detector then has no text encoder and finds nothing else.", HelpName = "file",
    };
    private readonly Option<string[]> _precision = new("--precision")
    {
        Description = "Also write the image graph with weights of 16 bits (fp16), or products of 8-bit integers (int8); both may be asked for. A report tells what it changes.",
        AllowMultipleArgumentsPerToken = true,
    };
    private readonly Option<string> _calibration = new("--calibration")
    {
        Description = "With --precision: folder of images like those that the detector will see. They give the ranges of the integers, and what the report is made on.", HelpName = "folder",
    };
    private readonly Option<int> _calibrationImages = PositiveOption("--calibration-images", "With --precision: most images that are read of that folder.", 16);

    private ExportCommand() => _precision.AcceptOnlyFromAmong([.. Precisions.Names.Except([Precisions.Usual])]);

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var export = new ExportCommand();
        var command = new CliCommand("export", "Write a network as a detector: ONNX graphs, tokenizer and manifest. Then compare it with the network; exit code 1 where they disagree.")
        {
            export._network.Checkpoint, export._network.Variant, export._network.Seed, export._network.Vocabulary, export._output, export._maxRegions, export._shortSide, export._longSide, export._noParity, export._sizes,
            export._freeze, export._precision, export._calibration, export._calibrationImages,
        };
        command.Validators.Add(export._network.Validate);
        command.Validators.Add(result =>
        {
            if ((result.GetResult(export._precision) is null) != (result.GetResult(export._calibration) is null)) result.AddError("--precision and --calibration go together.");
        });
        command.SetAction((parsed, _) => Task.FromResult(export.Run(parsed, terminal)));
        return command;
    }

    private int Run(ParseResult parsed, Terminal terminal)
    {
        var folder = parsed.GetRequiredValue(_output);
        var frozen = parsed.GetValue(_freeze) is { } file ? DetectorExporter.ReadVocabulary(file) : null;
        var images = ImagesOf(parsed);
        using var source = _network.Load(parsed, terminal);
        var options = OptionsFor(source, parsed);
        DetectorExporter.Export(source.Network, source.Tokenizer, options, folder);
        var code = parsed.GetValue(_noParity) ? ExitCode.Success : Compare(source.Network, folder, parsed.GetValue(_sizes) ?? new ParityOptions().Sizes, terminal);
        if (frozen is not null) DetectorExporter.Export(source.Network, source.Tokenizer, options = options with { Frozen = frozen }, folder);
        foreach (var precision in parsed.GetValue(_precision) ?? [])
            terminal.Output.WriteLine(DetectorExporter.AddPrecision(source.Network, source.Tokenizer, options, folder, Precisions.Named(precision), images).ToTable());
        return code;
    }

    private ExportOptions OptionsFor(LoadedNetwork source, ParseResult parsed)
    {
        var usual = new ExportOptions();
        return usual with
        {
            MaxRegions = parsed.GetValue(_maxRegions),
            ShortSide = parsed.GetValue(_shortSide) ?? source.ImageSize?.ShortSide ?? usual.ShortSide,
            LongSide = parsed.GetValue(_longSide) ?? source.ImageSize?.LongSide ?? usual.LongSide,
        };
    }

    private IReadOnlyList<string> ImagesOf(ParseResult parsed)
    {
        if (parsed.GetValue(_calibration) is not { } folder) return [];
        string[] images = [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(path => ImageEndings.Contains(Path.GetExtension(path).ToLowerInvariant())).Order(StringComparer.Ordinal).Take(parsed.GetValue(_calibrationImages))];
        return images.Length > 0 ? images : throw new CommandException($"'{folder}' holds no image.", $"Files must end in {string.Join(", ", ImageEndings)}.");
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

    private static Option<int> PositiveOption(string name, string description, int value) =>
        new Option<int>(name) { Description = description, HelpName = "count", DefaultValueFactory = _ => value }.Positive();

    private static Option<int?> SizeOption(string name, string description) => new Option<int?>(name) { Description = description, HelpName = "pixels" }.Positive();
}
