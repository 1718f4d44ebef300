using System.Diagnostics;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>One run of training, from reading its data to writing its detector.</summary>
internal sealed class TrainingSession(TrainingRecipe recipe, TrainArguments arguments, Terminal terminal)
{
    private const string RecipeFile = "recipe.json";
    private const string DetectorFolder = "detector";
    private const string ModelFile = "detector.zip";
    private const string DeltaFile = "delta.json";

    private string LastCheckpoint => RunFolder.LastIn(arguments.Out);

    /// <summary>Trains and writes, and says where.</summary>
    /// <exception cref="CommandException">The folder holds a run already.</exception>
    /// <exception cref="OperationCanceledException">Stopped; what was learned is in the folder.</exception>
    public void Run(CancellationToken cancellation)
    {
        if (!arguments.Resume && File.Exists(LastCheckpoint)) throw new CommandException($"There is a run in '{arguments.Out}' already.", "Go on with it by --resume, or choose another folder.");
        var options = recipe.LoadOptions() with { ImageColumnName = nameof(SourceRow.ImagePath), RunFolder = arguments.Out, Resume = arguments.Resume, StepsPerMessage = int.MaxValue };
        var context = new MLContext { GpuDeviceId = arguments.Gpu, FallbackToCpu = false };
        var data = new TrainingData(Read(context, recipe.Data)!)
        {
            Validation = Read(context, recipe.Validation), Replay = Read(context, recipe.Replay), Held = Read(context, recipe.Held),
        };
        Directory.CreateDirectory(arguments.Out);
        recipe.Save(InFolder(RecipeFile));
        using var bar = new TrainingBar(terminal);
        context.Log += (_, e) => Tell(e, bar);
        var trainer = context.DetClip().Trainers.OpenVocabularyDetection(options);
        using var detector = trainer.Fit(data, bar, cancellation);
        bar.Dispose();
        cancellation.ThrowIfCancellationRequested();
        Write(context, detector, data.Input.Schema, bar.Held);
    }

    private IDataView? Read(MLContext context, IReadOnlyList<string> sources)
    {
        var data = new List<SourceData>();
        foreach (var source in sources.Select(DataSource.Parse))
        {
            var read = source.Read();
            terminal.Error.WriteLine($"{source}: {read.Rows.Count} samples, {read.Rows.Sum(row => row.BoundingBoxes.Length / 4)} boxes");
            if (read.Report.SkippedRecords > 0) terminal.Warn($"{read.Report.SkippedRecords} records were left out, such as {read.Report.Problems[0]}.");
            data.Add(read);
        }
        return data.Count == 0 ? null : context.Data.Load(data);
    }

    private void Tell(LoggingEventArgs message, TrainingBar bar)
    {
        if (!message.Source.Contains(nameof(DetClipTrainer), StringComparison.Ordinal)) return;
        if (message.Kind is ChannelMessageKind.Warning or ChannelMessageKind.Error) bar.Interrupt(() => terminal.Warn(message.RawMessage));
        else if (message.Kind == ChannelMessageKind.Info) bar.Interrupt(() => terminal.Error.WriteLine(message.RawMessage));
    }

    private void Write(MLContext context, OpenVocabularyDetectionTransformer detector, DataViewSchema schema, HeldVocabulary? held)
    {
        var beside = InFolder($"{ModelFile}.partial");
        context.Model.Save(detector, schema, beside);
        File.Move(beside, InFolder(ModelFile), overwrite: true);
        DetectorModel.Load(InFolder(ModelFile)).Save(InFolder(DetectorFolder));
        terminal.Output.WriteLine($"checkpoint  {LastCheckpoint}");
        terminal.Output.WriteLine($"detector    {InFolder(DetectorFolder)}");
        terminal.Output.WriteLine($"model       {InFolder(ModelFile)}");
        if (detector.Delta is { } delta) WriteDelta(delta);
        if (PeakMemory() is > 0 and var peak) terminal.Output.WriteLine(FormattableString.Invariant($"memory      {peak >> 20} MiB at its peak"));
        if (held is not null) terminal.Output.WriteLine(FormattableString.Invariant($"held        AP {held.Before.AP:F3} before, {held.After.AP:F3} after, {held.Names} names"));
    }

    // Of this process; 0 where the system does not tell.
    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private void WriteDelta(EmbeddingDelta delta)
    {
        delta.Save(InFolder(DeltaFile));
        terminal.Output.WriteLine(FormattableString.Invariant($"delta       {InFolder(DeltaFile)}, {delta.Sentences.Count} names, {new FileInfo(InFolder(DeltaFile)).Length / 1024.0:F1} kB"));
    }

    private string InFolder(string name) => Path.Combine(arguments.Out, name);
}
