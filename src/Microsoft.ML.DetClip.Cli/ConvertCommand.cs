using System.CommandLine;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip convert</c>: a data set of one format in, the same in another out.</summary>
internal static class ConvertCommand
{
    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var from = Place("--from", "format:path,setting=value", "The data set to read; the forms are above.", text => DataSource.Parse(text));
        var to = Place("--to", "format:path", "Where to write it.", text => DataSource.ParseTarget(text));
        var command = new CliCommand("convert",
            "Write a data set in another format. Images are not copied: names of images start from the same folder. What the other format cannot hold is dropped, " +
            "and standard error says what; segmentations, keypoints and other things that are no boxes are not read at all.\n\n" +
            $"Formats that are read:\n{string.Join('\n', DatasetFormat.All.Where(f => f.CanRead).Select(format => $"  {format.Form}\n      {format.Gives}"))}\n\n" +
            $"Formats that are written:\n{string.Join('\n', DatasetFormat.All.Where(f => f.CanWrite).Select(format => $"  {format.Name}:{format.PathKind}"))}")
        {
            from, to,
        };
        command.SetAction(parsed => Run(DataSource.Parse(parsed.GetRequiredValue(from)), DataSource.ParseTarget(parsed.GetRequiredValue(to)), terminal));
        return command;
    }

    private static int Run(DataSource from, DataSource to, Terminal terminal)
    {
        var reading = from.Open();
        var samples = reading.ToArray();
        if (samples.Length == 0) throw new CommandException($"There are no images in {from}.", "Nothing was written.");
        if (reading.Report.SkippedRecords > 0) terminal.Warn($"{reading.Report.SkippedRecords} records were left out, such as {reading.Report.Problems[0]}.");
        if (reading.Report.ClippedBoxes > 0) terminal.Warn($"{reading.Report.ClippedBoxes} boxes reached over the border of their image and were cut there.");
        var images = from.Options.ImageFolder ?? (Directory.Exists(from.Path) ? from.Path : Path.GetDirectoryName(Path.GetFullPath(from.Path)));
        foreach (var dropped in to.Format.Write(to.Path, samples, reading.Categories, new() { ImageFolder = images }))
            terminal.Warn($"{to.Format.Name} cannot hold {dropped}: dropped.");
        terminal.Output.WriteLine($"{to}: {samples.Length} samples, {samples.Sum(sample => sample.Boxes.Count)} boxes");
        return ExitCode.Success;
    }

    private static Option<string> Place(string name, string form, string description, Action<string> parse) =>
        new Option<string>(name) { Description = description, HelpName = form, Required = true }.Read(parse);
}
