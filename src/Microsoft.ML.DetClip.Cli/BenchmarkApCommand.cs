using System.CommandLine;
using Microsoft.ML.DetClip.Cli.Benchmarks;
using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip benchmark-ap</c>: a detector on a data set, asked for its categories by name, measured by the rules of a benchmark.</summary>
internal static class BenchmarkApCommand
{
    private const int MaxDetections = 300, ChunkSize = 100;

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var options = new Options();
        var command = new CliCommand("benchmark-ap",
            "Measure a detector on a data set. It is asked for the names of all categories on every image; nothing is hidden by a score threshold. Images are " +
            "done in chunks: started again, a stopped benchmark goes on. The official table goes to standard output; the folder gets results.json (all detections) " +
            "and metrics.json (all numbers, with those of each category).\n\nOne table holds the numbers of one protocol, because they cannot be compared:\n" +
            string.Join('\n', ApProtocol.All.Select(protocol => $"  {protocol.Name,-10}  {protocol.Title}")))
        {
            options.Model, options.Data, options.Protocol, options.Definitions, options.MaxDetections, options.ChunkSize, options.Output, options.Gpu, options.Precision,
        };
        command.SetAction((parsed, cancellation) => Interruptible.Run(() =>
        {
            new ApBenchmark(options.Read(parsed), terminal).Run(cancellation);
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>What the command is told.</summary>
    private sealed class Options
    {
        public Option<string> Model { get; } = new("--model", "-m") { Description = "The detector: an ML.NET model, or an exported folder.", HelpName = "file or folder", Required = true };

        public Option<string> Data { get; } = new Option<string>("--data", "-d")
        {
            Description = "The data set, as for 'detclip train': images with boxes.",
            HelpName = "format:path,setting=value",
            Required = true,
        }.Read(text => DataSource.Parse(text));

        public Option<string> Protocol { get; } = new Option<string>("--protocol", "-p") { Description = "The rules that hold. [default: lvis for LVIS, else coco]" }
            .AcceptOnlyFromAmong([.. ApProtocol.All.Select(protocol => protocol.Name)]);

        public Option<string> Definitions { get; } = new("--definitions")
        {
            Description = "What the names mean: WordNet's folder, a file of names and definitions, or LVIS's annotations. Without it, names stand alone.", HelpName = "file or folder",
        };

        public Option<int> MaxDetections { get; } = new Option<int>("--max-detections")
        {
            Description = "The most detections of an image that are made; 1000 is usual for fixed AP.",
            HelpName = "count",
            DefaultValueFactory = _ => BenchmarkApCommand.MaxDetections,
        }.Positive();

        public Option<int> ChunkSize { get; } = new Option<int>("--chunk-size")
        {
            Description = "Images after which what was found is on the disk.",
            HelpName = "count",
            DefaultValueFactory = _ => BenchmarkApCommand.ChunkSize,
        }.Positive();

        public Option<string> Output { get; } = new("--out", "-o") { Description = "The folder of this benchmark. [default: the model's path and '.ap-' and the data's name]", HelpName = "folder" };

        public Option<int?> Gpu { get; } = new("--gpu") { Description = "Run on this CUDA device, 0 for the first; without it, on the processor.", HelpName = "number" };

        public Option<string> Precision { get; } = new Option<string>("--precision") { Description = "Which of the model's image graphs is measured.", DefaultValueFactory = _ => Precisions.Usual }
            .AcceptOnlyFromAmong(Precisions.Names);

        public ApBenchmarkArguments Read(ParseResult parsed)
        {
            var (model, data) = (parsed.GetRequiredValue(Model), DataSource.Parse(parsed.GetRequiredValue(Data)));
            return new()
            {
                Model = model,
                Data = data,
                Protocol = ApProtocol.All.First(protocol => protocol.Name == (parsed.GetValue(Protocol) ?? (data.Format.Name == "lvis" ? "lvis" : "coco"))),
                Definitions = parsed.GetValue(Definitions),
                MaxDetections = parsed.GetValue(MaxDetections),
                ChunkSize = parsed.GetValue(ChunkSize),
                Out = parsed.GetValue(Output) ?? $"{Path.TrimEndingDirectorySeparator(model)}.ap-{Path.GetFileNameWithoutExtension(Path.TrimEndingDirectorySeparator(data.Path))}",
                Gpu = parsed.GetValue(Gpu),
                Precision = Precisions.Named(parsed.GetRequiredValue(Precision)),
            };
        }
    }
}
