using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.DetClip.Modeling;
using TorchSharp;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip profile</c>: what a network costs, part by part, or where the time of an exported detector goes, operator by operator.</summary>
internal sealed class ProfileCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private readonly Option<string> _variant = new("--variant", "-n") { Description = "Count a network of these sizes." };
    private readonly Option<string> _model = new("--model", "-m")
    {
        Description = "Measure an exported detector: its folder, a zip of it, or an ML.NET model with one detector.", HelpName = "path",
    };
    private readonly Option<PixelSize> _size = new("--size", "-s")
    {
        Description = "Height and width of the image, in pixels; any size.",
        HelpName = "height x width",
        CustomParser = ParseSize,
        DefaultValueFactory = _ => new(800, 1333),
    };
    private readonly Option<int> _classes = Positive("--classes", "-k", "names", "How many names are looked for.", 80);
    private readonly Option<int> _depth = Positive("--depth", "-d", "levels", "With --variant: how deep into parts of parts the table goes.", 3);
    private readonly Option<int> _batch = Positive("--batch", "-b", "images", "With --model: images at once.", 1);
    private readonly Option<int> _threads = new("--threads", "-t")
    {
        Description = "With --model: threads of one operator; 0 for one on each core.", HelpName = "count", DefaultValueFactory = _ => 0,
    };
    private readonly Option<int?> _gpu = new("--gpu")
    {
        Description = "With --model: run on this CUDA device, 0 for the first. Start the program with CUDA_LAUNCH_BLOCKING=1, else nodes would be over as soon as they are begun.", HelpName = "number",
    };
    private readonly Option<int> _runs = Positive("--runs", "-r", "count", "With --model: runs; the slower half does not count.", 5);
    private readonly Option<int> _slowest = Positive("--slowest", "-w", "nodes", "With --model: nodes that get a line of their own.", 15);
    private readonly Option<bool> _json = new("--json") { Description = "Write everything as JSON instead of tables." };

    private ProfileCommand() => _variant.AcceptOnlyFromAmong([.. DetClipVariants.All.Select(v => v.Variant)]);

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var profile = new ProfileCommand();
        var command = new CliCommand("profile",
            "Count a network's parameters, multiply-adds and activations, part by part. Nothing is computed. Counted are convolutions, linear layers, attention " +
            "and the product of regions and names, as papers do; activations are the elements of their results. A part includes its parts; what the levels of " +
            "the head share is counted at the first.\n\n" +
            "Or measure an exported detector in ONNX Runtime, operator by operator, and how fast the machine multiplies matrices in the same minutes. " +
            "A multiply-add is two operations.")
        {
            profile._variant, profile._model, profile._size, profile._classes, profile._depth, profile._batch, profile._threads, profile._gpu, profile._runs, profile._slowest, profile._json,
        };
        command.Validators.Add(profile.Validate);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(profile._model) is { } path) profile.Measure(parsed, path, terminal);
            else profile.Count(parsed, terminal);
            return ExitCode.Success;
        });
        return command;
    }

    private void Validate(CommandResult result)
    {
        var model = result.GetResult(_model) is not null;
        if (result.GetResult(_variant) is not null == model) result.AddError("Give either --variant or --model.");
        Option[] others = model ? [_depth] : [_batch, _threads, _gpu, _runs, _slowest];
        foreach (var option in others)
            if (result.GetResult(option) is { Implicit: false }) result.AddError($"{option.Name} goes with {(model ? _variant : _model).Name}.");
        if (model && result.GetValue(_gpu) is not null && Environment.GetEnvironmentVariable("CUDA_LAUNCH_BLOCKING") != "1")
            result.AddError("--gpu needs the environment variable CUDA_LAUNCH_BLOCKING to be 1 from the start of the program, so that a node is over when its work is done.");
    }

    private void Measure(ParseResult parsed, string path, Terminal terminal)
    {
        var size = parsed.GetRequiredValue(_size);
        var profile = GraphProfiler.Profile(DetectorModel.Load(path), new()
        {
            Height = size.Height, Width = size.Width, Batch = parsed.GetValue(_batch), Concepts = parsed.GetValue(_classes),
            Threads = parsed.GetValue(_threads), Runs = parsed.GetValue(_runs), Gpu = parsed.GetValue(_gpu),
        });
        if (parsed.GetValue(_json)) terminal.Output.WriteLine(JsonSerializer.Serialize(profile, Json));
        else ProfileTable.Write(profile, parsed.GetValue(_slowest), terminal.Output);
    }

    private void Count(ParseResult parsed, Terminal terminal)
    {
        var cost = Count(DetClipVariants.Named(parsed.GetRequiredValue(_variant)), parsed.GetRequiredValue(_size), parsed.GetValue(_classes));
        if (parsed.GetValue(_json)) terminal.Output.WriteLine(JsonSerializer.Serialize(cost, Json));
        else CostTable.Write(cost, parsed.GetValue(_depth), terminal.Output);
    }

    /// <summary>Counts on torch's device without memory, so that a large network is as cheap to ask about as a small one.</summary>
    private static NetworkCost Count(DetClipConfig config, PixelSize size, int classes)
    {
        var device = torch.get_default_device();
        torch.set_default_device(torch.META);
        try
        {
            return NetworkCost.Of(config, size.Height, size.Width, classes);
        }
        finally
        {
            torch.set_default_device(device);
        }
    }

    private static Option<int> Positive(string name, string alias, string unit, string description, int byDefault) =>
        new Option<int>(name, alias) { Description = description, HelpName = unit, DefaultValueFactory = _ => byDefault }.Positive();

    private static PixelSize ParseSize(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text.Split('x') is [var first, var second] && int.TryParse(first, out var height) && int.TryParse(second, out var width) && height > 0 && width > 0)
            return new(height, width);
        result.AddError($"--size is '{text}'; it must be height x width in pixels, such as 800x1333.");
        return new(0, 0);
    }

    /// <summary>Size of an image, written as it is read: "800x1333".</summary>
    private sealed record PixelSize(int Height, int Width)
    {
        public override string ToString() => $"{Height}x{Width}";
    }
}
