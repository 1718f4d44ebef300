using System.CommandLine;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip train</c>: a recipe and data in; a run folder, a detector and an ML.NET model out.</summary>
internal static class TrainCommand
{
    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var recipe = new Option<string>("--recipe", "-r") { Description = "How to train: a JSON file of the trainer's options.", HelpName = "file", Required = true };
        var set = Repeated("--set", "name=value", "Gives an option of the recipe another value, such as Detection.BatchSize=8. Can be given several times.");
        var data = Sources("--data", "What to learn from, besides what the recipe names; the forms are above. Can be given several times.");
        var validation = Sources("--validation", "What to measure on while training, in the same form: images with boxes and without captions.");
        var replay = Sources("--replay", "Data of earlier training to mix in, so that it is not forgotten; see ReplayShare.");
        var held = Sources("--held", "Images of names that this run does not teach: AP on them before and after tells what was forgotten.");
        var output = new Option<string>("--out", "-o") { Description = "Folder of the run: checkpoints, metrics, pictures, and at the end the detector.", HelpName = "folder", Required = true };
        var resume = new Option<bool>("--resume") { Description = "Go on with the run in the folder when there is one." };
        var gpu = new Option<int?>("--gpu") { Description = "Train on this CUDA device, 0 for the first; without it, on the processor.", HelpName = "number" };
        var command = new CliCommand("train",
            "Train a detector. Progress goes to standard error; a run that was stopped goes on with --resume. At the end the folder holds the detector (ONNX), " +
            "the same as an ML.NET model, and the checkpoints, and standard output says where.\n\n" +
            $"Data is given as:\n{string.Join('\n', DatasetFormat.All.Where(f => f.CanRead).Select(format => $"  {format.Form}\n      {format.Gives}"))}")
        {
            recipe, set, data, validation, replay, held, output, resume, gpu,
        };
        command.SetAction((parsed, cancellation) => Interruptible.Run(() => Run(
            new(parsed.GetRequiredValue(recipe), parsed.GetValue(set)!, parsed.GetValue(data)!, parsed.GetValue(validation)!,
                parsed.GetValue(replay)!, parsed.GetValue(held)!, parsed.GetRequiredValue(output), parsed.GetValue(resume), parsed.GetValue(gpu)), terminal, cancellation)));
        return command;
    }

    private static int Run(TrainArguments arguments, Terminal terminal, CancellationToken cancellation)
    {
        Load(arguments with { Changes = [] }); // what is wrong with the file itself is no wrong usage
        TrainingRecipe recipe;
        try
        {
            recipe = Load(arguments);
            if (recipe.Data.Count == 0) throw new InvalidDataException("There is nothing to learn from: the recipe names no data, and there is no --data.");
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException)
        {
            terminal.Fail($"{e.Message} See 'detclip train --help'.");
            return ExitCode.BadUsage;
        }
        new TrainingSession(recipe, arguments, terminal).Run(cancellation);
        return ExitCode.Success;
    }

    private static TrainingRecipe Load(TrainArguments arguments)
    {
        var recipe = TrainingRecipe.Load(arguments.Recipe, arguments.Changes);
        recipe.Options.Checked();
        foreach (var source in recipe.Data.Concat(recipe.Validation).Concat(recipe.Replay).Concat(recipe.Held)) DataSource.Parse(source);
        return recipe with
        {
            Data = [.. recipe.Data, .. arguments.Data],
            Validation = [.. recipe.Validation, .. arguments.Validation],
            Replay = [.. recipe.Replay, .. arguments.Replay],
            Held = [.. recipe.Held, .. arguments.Held],
        };
    }

    private static Option<string[]> Repeated(string name, string form, string description) =>
        new(name) { Description = description, HelpName = form, Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [] };

    private static Option<string[]> Sources(string name, string description) =>
        Repeated(name, "format:path,setting=value", description).Read(text => DataSource.Parse(text));
}

/// <summary>What the command line says.</summary>
internal sealed record TrainArguments(
    string Recipe, IReadOnlyList<string> Changes, IReadOnlyList<string> Data, IReadOnlyList<string> Validation,
    IReadOnlyList<string> Replay, IReadOnlyList<string> Held, string Out, bool Resume, int? Gpu);
