using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Cli.Benchmarks;

/// <summary>The rules by which a benchmark counts. One table holds one protocol's numbers: those of different protocols are not comparable.</summary>
/// <param name="Name">As the command line has it.</param>
/// <param name="Title">For tables.</param>
/// <param name="Evaluate">The official table, and how to save all numbers, from the truth's file and the results' file.</param>
internal sealed record ApProtocol(string Name, string Title, Func<DataSource, BenchmarkImages, string, ApResult> Evaluate)
{
    public static IReadOnlyList<ApProtocol> All { get; } =
    [
        new("coco", "COCO: AP over all categories, the best 100 detections of an image and category count", EvaluateCoco),
        new("lvis", "LVIS: plain AP, the best 300 detections of an image count", (source, _, results) => EvaluateLvis(source, results, new())),
        new("lvis-fixed", "LVIS: fixed AP, the best 10000 detections of a category count", (source, _, results) => EvaluateLvis(source, results, LvisEvaluatorOptions.FixedAP)),
    ];

    /// <exception cref="CommandException">The data set has not what the protocol needs.</exception>
    public void Check(DataSource source)
    {
        var isLvis = source.Format.Name == "lvis";
        if (Name == "coco" && isLvis)
            throw new CommandException("LVIS tells for some categories only whether they are on an image, which COCO's rules would count as errors.", "Choose --protocol lvis or lvis-fixed.");
        if (Name != "coco" && !isLvis) throw new CommandException($"'{source.Format.Name}' does not say which categories are known to be absent, which LVIS's rules need.", "Choose --protocol coco.");
    }

    private static ApResult EvaluateCoco(DataSource source, BenchmarkImages images, string results)
    {
        var metrics = source.Format.Name is "coco" or "objects365"
            ? CocoEvaluator.EvaluateFiles(source.Path, results)
            : CocoEvaluator.Evaluate(images.ToGroundTruth(), CocoFiles.ReadResults(results));
        return new(metrics.ToString(), metrics.Save);
    }

    private static ApResult EvaluateLvis(DataSource source, string results, LvisEvaluatorOptions options)
    {
        var metrics = LvisEvaluator.EvaluateFiles(source.Path, results, options);
        return new(metrics.ToString(), metrics.Save);
    }
}

/// <summary>What a benchmark found.</summary>
/// <param name="Table">As the official code prints it.</param>
/// <param name="Save">Writes all numbers to a path.</param>
internal sealed record ApResult(string Table, Action<string> Save);
