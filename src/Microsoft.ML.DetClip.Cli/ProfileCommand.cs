using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
using Microsoft.ML.DetClip.Modeling;
using TorchSharp;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip profile</c>: what a network costs, part by part.</summary>
internal static class ProfileCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var variant = new Option<string>("--variant", "-n") { Description = "Sizes of the network.", Required = true };
        variant.AcceptOnlyFromAmong([.. DetClipVariants.All.Select(v => v.Variant)]);
        var size = new Option<PixelSize>("--size", "-s")
        {
            Description = "Height and width of the image, in pixels; any size.",
            HelpName = "height x width",
            CustomParser = ParseSize,
            DefaultValueFactory = _ => new(800, 1333),
        };
        var classes = Positive("--classes", "-k", "names", "How many names are looked for.", 80);
        var depth = Positive("--depth", "-d", "levels", "How deep into parts of parts the table goes.", 3);
        var json = new Option<bool>("--json") { Description = "Write the whole tree as JSON instead of a table." };
        var command = new CliCommand("profile",
            "Count a network's parameters, multiply-adds and activations, part by part; nothing is computed. Counted are convolutions, linear layers, attention " +
            "and the product of regions and names, as papers do; activations are the elements of their results. A part includes its parts; what the levels of " +
            "the head share is counted at the first.")
        {
            variant, size, classes, depth, json,
        };
        command.SetAction(parsed =>
        {
            var cost = Count(DetClipVariants.Named(parsed.GetRequiredValue(variant)), parsed.GetRequiredValue(size), parsed.GetValue(classes));
            if (parsed.GetValue(json)) terminal.Output.WriteLine(JsonSerializer.Serialize(cost, Json));
            else CostTable.Write(cost, parsed.GetValue(depth), terminal.Output);
            return ExitCode.Success;
        });
        return command;
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

    private static Option<int> Positive(string name, string alias, string unit, string description, int byDefault)
    {
        var option = new Option<int>(name, alias) { Description = description, HelpName = unit, DefaultValueFactory = _ => byDefault };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var value) && value < 1) // what is no number is refused elsewhere
                result.AddError($"{name} is {value}; it must be positive.");
        });
        return option;
    }

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
