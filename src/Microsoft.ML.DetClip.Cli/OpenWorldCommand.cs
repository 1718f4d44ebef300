using System.CommandLine;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip openworld</c>: draws a world to learn open-vocabulary detection from.</summary>
internal static class OpenWorldCommand
{
    private static readonly OpenWorldOptions[] Editions = [OpenWorldOptions.Small, OpenWorldOptions.Medium, OpenWorldOptions.Large];

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var output = new Option<string>("--out", "-o") { Description = "Folder for the world; it must not be there yet.", HelpName = "folder", Required = true };
        var edition = new Option<string>("--edition")
        {
            Description = "small: 72 names and boxes alone, to try things on; medium: 214 names and all corpora, for minutes on one core; large: 980 names, for a GPU.",
            DefaultValueFactory = _ => OpenWorldOptions.Medium.Edition,
        };
        edition.AcceptOnlyFromAmong([.. Editions.Select(one => one.Edition)]);
        var seed = new Option<int>("--seed") { Description = "Another number draws another world.", HelpName = "number", DefaultValueFactory = _ => OpenWorldOptions.Medium.Seed };
        var command = new CliCommand("openworld",
            "Draw a world to learn open-vocabulary detection from, and to measure it on. It has images with boxes (COCO), with captions and loose boxes (ODVG), with " +
            "captions alone (WebDataset), and an evaluation (LVIS) of names that have boxes, that only captions speak of, and that are nowhere.")
        {
            output, edition, seed,
        };
        command.SetAction(parsed =>
        {
            var options = Editions.Single(one => one.Edition == parsed.GetRequiredValue(edition));
            var folder = parsed.GetRequiredValue(output);
            OpenWorld.Generate(folder, options with { Seed = parsed.GetValue(seed) });
            terminal.Output.WriteLine(folder);
            return ExitCode.Success;
        });
        return command;
    }
}
