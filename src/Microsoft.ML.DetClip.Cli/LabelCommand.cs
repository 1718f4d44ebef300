using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip label</c>: a detector and images in, a data set of what it finds out.</summary>
internal static class LabelCommand
{
    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var options = new Options();
        var command = new CliCommand("label",
            "Let a detector label images. All images below the folder are taken, in the order of their paths; one that cannot be read is skipped and named.\n\n" +
            "Labels are a file with a phrase in each line, or \"phrase => label\", which lets several phrases share a label; a definition may stand behind the phrase and a tab. " +
            "A file that ends in .json holds an array of texts and of objects with \"name\", \"definition\" and \"label\".\n\n" +
            "Detections in the review band are marked where the format can: in Label Studio they are predictions, in VoTT they have the tag \"review\", in Pascal VOC they are " +
            "difficult. Beside other formats there is a list of them, .review.csv.\n\n" +
            $"Formats that are written:\n{string.Join('\n', DatasetFormat.All.Where(f => f.CanWrite).Select(format => $"  {format.Name}:{format.PathKind}"))}\n\n" +
            $"Formats that are merged:\n{string.Join('\n', DatasetFormat.All.Where(HoldsBoxes).Select(format => $"  {format.Form}"))}")
        {
            options.Model, options.Images, options.Labels, options.To, options.Review, options.Threshold, options.Merge, options.Gpu,
        };
        command.Validators.Add(options.Validate);
        command.SetAction((parsed, cancellation) => Interruptible.Run(() => Run(parsed, options, terminal, cancellation)));
        return command;
    }

    private static bool HoldsBoxes(DatasetFormat format) => format.CanRead && format.Gives.StartsWith("boxes", StringComparison.Ordinal);

    private static int Run(ParseResult parsed, Options options, Terminal terminal, CancellationToken cancellation)
    {
        var (folder, to) = (parsed.GetRequiredValue(options.Images), DataSource.ParseTarget(parsed.GetRequiredValue(options.To)));
        var existing = parsed.GetValue(options.Merge) is { } merge ? DataSource.Parse(merge).Open() : null;
        var ontology = LabelOntology.Load(parsed.GetRequiredValue(options.Labels));
        var context = new MLContext { GpuDeviceId = parsed.GetValue(options.Gpu), FallbackToCpu = false };
        var model = Load(context, parsed.GetRequiredValue(options.Model), ontology);
        using var owned = model as IDisposable;
        var labels = Label(context, model, folder, ontology, options.Read(parsed), existing, terminal, cancellation);
        foreach (var skipped in labels.Skipped) terminal.Warn($"skipped '{skipped.Path}': {skipped.Reason}");
        if (labels.Samples.Count == 0) throw new CommandException($"There are no images that can be read below '{folder}'.", "Nothing was written.");
        if (existing?.Report.SkippedRecords > 0) terminal.Warn($"{existing.Report.SkippedRecords} records of the merged data set were left out, such as {existing.Report.Problems[0]}.");
        foreach (var dropped in labels.Write(to.Format, to.Path, new() { ImageFolder = folder })) terminal.Warn($"{to.Format.Name} cannot hold {dropped}: dropped.");
        Report(labels, to, terminal);
        return ExitCode.Success;
    }

    private static ITransformer Load(MLContext context, string path, LabelOntology ontology) => Directory.Exists(path)
        ? context.Transforms.DetectOpenVocabulary(path, ontology.Phrases).Fit(context.Data.LoadFromEnumerable([new { Image = "" }]))
        : context.Model.Load(path, out _);

    private static AutoLabels Label(
        MLContext context, ITransformer model, string folder, LabelOntology ontology, AutoLabelOptions options, DatasetReading? existing, Terminal terminal,
        CancellationToken cancellation)
    {
        using var bar = new LabelingBar(terminal);
        return context.DetClip().Label(model, folder, ontology, options, existing, bar, cancellation);
    }

    private static void Report(AutoLabels labels, DataSource to, Terminal terminal)
    {
        var existing = labels.Samples.Sum(sample => sample.Boxes.Count) - labels.FoundCount;
        terminal.Output.WriteLine($"{to}: {labels.Samples.Count} images");
        terminal.Output.WriteLine($"found    {labels.FoundCount} boxes, {labels.ForReviewCount} of them for review");
        if (existing > 0) terminal.Output.WriteLine($"merged   {existing} boxes that were there; {labels.CoveredCount} detections gave way to them");
        if (labels.Skipped.Count > 0) terminal.Output.WriteLine($"skipped  {labels.Skipped.Count} images");
        if (labels.ForReviewCount > 0 && AutoLabels.ReviewListOf(to.Format, to.Path) is { } list) terminal.Output.WriteLine($"review   {list}");
    }

    /// <summary>What the command is told.</summary>
    private sealed class Options
    {
        public Option<string> Model { get; } = new("--model", "-m") { Description = "The detector: an ML.NET model with one in it, or the folder of an exported one.", HelpName = "file or folder", Required = true };

        public Option<string> Images { get; } = new("--images", "-i") { Description = "The folder of the images.", HelpName = "folder", Required = true };

        public Option<string> Labels { get; } = new("--labels", "-l") { Description = "What to look for, and what to call it.", HelpName = "file", Required = true };

        public Option<string> To { get; } = new Option<string>("--to") { Description = "Where to write the data set; the forms are above.", HelpName = "format:path", Required = true }
            .Read(text => DataSource.ParseTarget(text));

        public Option<string?> Review { get; } = new("--review-band") { Description = "Scores between which a person shall look, such as 0.2:0.5; lower ones are dropped.", HelpName = "from:to" };

        public Option<float?> Threshold { get; } = new("--score-threshold")
        {
            Description = "Only detections with a higher score count; without it and a review band, as the model is set.", HelpName = "score",
        };

        public Option<string?> Merge { get; } = new Option<string?>("--merge")
        {
            Description = "Labels that are there already: all are kept, and win over detections of the same label that overlap them by more than half.", HelpName = "format:path,setting=value",
        }.Read(text => DataSource.Parse(text));

        public Option<int?> Gpu { get; } = new("--gpu") { Description = "Run on this CUDA device, 0 for the first; without it, on the processor.", HelpName = "number" };

        public AutoLabelOptions Read(ParseResult parsed) => OptionsOf(parsed.GetValue(Threshold), parsed.GetValue(Review));

        public void Validate(CommandResult result)
        {
            try
            {
                OptionsOf(result.GetValue(Threshold), result.GetValue(Review));
            }
            catch (Exception e) when (e is ArgumentException or FormatException)
            {
                result.AddError(e.Message);
            }
        }

        private static AutoLabelOptions OptionsOf(float? threshold, string? band) =>
            new AutoLabelOptions { ScoreThreshold = threshold, Review = band is null ? null : ReviewBand.Parse(band) }.Checked();
    }
}
