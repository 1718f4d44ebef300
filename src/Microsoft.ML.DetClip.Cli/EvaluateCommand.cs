using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Cli;

/// <summary><c>detclip evaluate</c>: a results file against the truth, by the rules of a benchmark.</summary>
internal static class EvaluateCommand
{
    private const string Coco = "coco", Lvis = "lvis", LvisFixed = "lvis-fixed", Flickr30k = "flickr30k", RefExp = "refexp";

    private static readonly Flickr30kEvaluatorOptions[] Flickr30kProtocols =
    [
        new(), new() { IouThreshold = 0.75 }, new() { MergeBoxes = true }, new() { MergeBoxes = true, IouThreshold = 0.75 },
    ];

    /// <summary>The command, writing to the given streams.</summary>
    public static CliCommand Create(Terminal terminal)
    {
        var options = new Options();
        var command = new CliCommand("evaluate",
            "Measure detections against the truth, by the rules of a benchmark. Numbers equal those of its official code. The official table goes to standard " +
            "output. Where nothing is to be found a number is -1.\n\nDetections are a list of records; ground truth and records of each protocol:\n" +
            "  coco        annotations as COCO's\n" +
            "              image_id, category_id, bbox [x, y, width, height], score\n" +
            "  lvis        annotations as LVIS's; the best 300 detections of each image count\n" +
            "              as above\n" +
            "  lvis-fixed  as above; the best 10000 detections of each category count\n" +
            "              as above\n" +
            "  flickr30k   the folder of Flickr30k Entities\n" +
            "              image_id, sentence_id, boxes: for each phrase a list of [x0, y0, x1, y1]\n" +
            "  refexp      referring expressions as MDETR's\n" +
            "              image_id, boxes [x0, y0, x1, y1], scores")
        {
            options.Protocol, options.GroundTruth, options.Detections, options.DetectionsPerCategory, options.ClassAgnostic, options.Pooled, options.Subset,
            options.Output,
        };
        command.Validators.Add(options.Validate);
        command.SetAction((parsed, _) =>
        {
            Run(parsed, options, terminal);
            return Task.FromResult(ExitCode.Success);
        });
        return command;
    }

    private static void Run(ParseResult parsed, Options options, Terminal terminal)
    {
        var (truth, detections, output) = (parsed.GetRequiredValue(options.GroundTruth), parsed.GetRequiredValue(options.Detections), parsed.GetValue(options.Output));
        switch (parsed.GetRequiredValue(options.Protocol))
        {
            case Coco:
                var coco = CocoEvaluator.EvaluateFiles(truth, detections, new() { ClassAgnostic = parsed.GetValue(options.ClassAgnostic), Pooled = parsed.GetValue(options.Pooled) });
                Report(coco.ToString(), output, coco.Save, terminal);
                break;
            case Lvis or LvisFixed:
                var lvis = LvisEvaluator.EvaluateFiles(truth, detections, LvisOptions(parsed, options));
                Report(lvis.ToString(), output, lvis.Save, terminal);
                break;
            case Flickr30k:
                var phrases = Flickr30kEvaluator.EvaluateFiles(truth, parsed.GetValue(options.Subset)!, detections, Flickr30kProtocols);
                if (phrases[0].IgnoredPredictions is > 0 and var ignored) terminal.Warn($"{ignored} predictions are of sentences without phrases to find, or second ones of a sentence; they were left out.");
                Report(string.Join('\n', phrases.Select(Titled)), output, path => Flickr30kMetrics.Save(path, phrases), terminal);
                break;
            default:
                var expressions = RefExpEvaluator.EvaluateFiles(truth, detections);
                Report(expressions.ToString(), output, expressions.Save, terminal);
                break;
        }
    }

    private static LvisEvaluatorOptions LvisOptions(ParseResult parsed, Options options)
    {
        var pooled = parsed.GetValue(options.Pooled);
        if (parsed.GetRequiredValue(options.Protocol) == Lvis) return new() { Pooled = pooled };
        var limit = parsed.GetValue(options.DetectionsPerCategory) ?? LvisEvaluatorOptions.FixedAP.MaxDetectionsPerCategory;
        return LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = limit, Pooled = pooled };
    }

    private static string Titled(Flickr30kMetrics metrics) =>
        FormattableString.Invariant($"{(metrics.Options.MergeBoxes ? "MERGED-BOX" : "ANY-BOX")} protocol, IoU >= {metrics.Options.IouThreshold}\n{metrics}");

    private static void Report(string table, string? output, Action<string> save, Terminal terminal)
    {
        if (output is not null) save(output);
        terminal.Output.WriteLine(table);
    }

    /// <summary>What the command is told.</summary>
    private sealed class Options
    {
        public Option<string> Protocol { get; } = new Option<string>("--protocol", "-p") { Description = "The benchmark whose rules hold.", Required = true }
            .AcceptOnlyFromAmong(Coco, Lvis, LvisFixed, Flickr30k, RefExp);

        public Option<string> GroundTruth { get; } = new("--ground-truth", "-g") { Description = "The truth.", HelpName = "file or folder", Required = true };

        public Option<string> Detections { get; } = new("--detections", "-d") { Description = "What was found.", HelpName = "file", Required = true };

        public Option<int?> DetectionsPerCategory { get; } = new Option<int?>("--dets-per-category", "-k")
        {
            Description = $"lvis-fixed: the most detections of a category that count, over all images. [default: {LvisEvaluatorOptions.FixedAP.MaxDetectionsPerCategory}]",
            HelpName = "count",
        }.Positive();

        public Option<bool> ClassAgnostic { get; } = new("--class-agnostic") { Description = "coco: ask only whether objects are found, whatever they are called." };

        public Option<bool> Pooled { get; } = new("--pooled") { Description = "coco, lvis, lvis-fixed: measure AP of all categories on one curve as well." };

        public Option<string> Subset { get; } = new Option<string>("--subset") { Description = "flickr30k: which images.", DefaultValueFactory = _ => "test" }
            .AcceptOnlyFromAmong("train", "val", "test");

        public Option<string> Output { get; } = new("--out", "-o") { Description = "Write the metrics there as JSON, in full precision, with those of each category.", HelpName = "file" };

        public void Validate(CommandResult result)
        {
            if (result.Errors.Any() || result.GetValue(Protocol) is not { } protocol) return;
            Only(result, DetectionsPerCategory, protocol, LvisFixed);
            Only(result, ClassAgnostic, protocol, Coco);
            Only(result, Pooled, protocol, Coco, Lvis, LvisFixed);
            Only(result, Subset, protocol, Flickr30k);
        }

        private static void Only(CommandResult result, Option option, string protocol, params string[] allowed)
        {
            if (result.GetResult(option) is { Implicit: false } && !allowed.Contains(protocol))
                result.AddError($"{option.Name} has no meaning for {protocol}, only for {string.Join(", ", allowed)}.");
        }
    }
}
