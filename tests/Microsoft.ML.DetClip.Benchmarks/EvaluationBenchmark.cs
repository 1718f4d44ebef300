using System.Diagnostics;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>How long evaluation takes from files to numbers, and how much memory.</summary>
internal static class EvaluationBenchmark
{
    private const int Seed = 20240101;

    public static int Run(string[] arguments)
    {
        var folder = arguments is [var given, ..] ? Directory.CreateDirectory(given).FullName : Directory.CreateTempSubdirectory("detclip").FullName;
        Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}");
        Measure(SyntheticBenchmark.Coco, folder, (truth, found) => CocoEvaluator.EvaluateFiles(truth, found).AP);
        Measure(SyntheticBenchmark.Lvis, folder, (truth, found) => LvisEvaluator.EvaluateFiles(truth, found).AP);
        Measure(SyntheticBenchmark.Lvis, folder, (truth, found) => LvisEvaluator.EvaluateFiles(truth, found, LvisEvaluatorOptions.FixedAP).AP);
        if (arguments.Length == 0) Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static void Measure(SyntheticBenchmark benchmark, string folder, Func<string, string, double> evaluate)
    {
        var (truth, found) = (Path.Combine(folder, $"{benchmark.Name}_gt.json"), Path.Combine(folder, $"{benchmark.Name}_dt.json"));
        if (!File.Exists(truth) || !File.Exists(found)) benchmark.Write(truth, found, Seed);
        for (var round = 1; round <= 2; round++)
        {
            GC.Collect();
            var watch = Stopwatch.StartNew();
            var loaded = CocoFiles.ReadResults(found).Count;
            var reading = watch.Elapsed;
            watch.Restart();
            var ap = evaluate(truth, found);
            Console.WriteLine(
                $"{benchmark.Name}: {loaded} detections; reading them {reading.TotalSeconds:F2} s, files to numbers {watch.Elapsed.TotalSeconds:F2} s; " +
                $"AP {ap:R}; peak memory of the process {Process.GetCurrentProcess().PeakWorkingSet64 >> 20} MiB");
        }
    }
}
