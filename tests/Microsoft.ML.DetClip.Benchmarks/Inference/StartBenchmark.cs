using System.Diagnostics;
using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>From a model file to the first detection.</summary>
internal static class StartBenchmark
{
    public static void Run(Setting setting)
    {
        var context = new MLContext { FallbackToCpu = true };
        var rows = ImageRow.Load(context, TestImages.Write(setting.Folder, 1, setting.Width, setting.Height));
        var zip = Path.Combine(setting.Folder, "start.zip");
        using (var detector = context.Transforms.DetectOpenVocabulary(setting.Model, new() { Labels = setting.Names(80), Runtime = new() { Threads = setting.Threads } }).Fit(rows))
            context.Model.Save(detector, rows.Schema, zip);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var before = Resident();
        var start = Stopwatch.GetTimestamp();
        var loaded = context.Model.Load(zip, out _);
        var loading = Stopwatch.GetElapsedTime(start).TotalSeconds;
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var after = Resident();
        start = Stopwatch.GetTimestamp();
        var found = loaded.Transform(rows).GetColumn<DetectionList>("Detections").Sum(d => d.Count);
        var first = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine();
        Console.WriteLine($"model file of {new FileInfo(zip).Length >> 20} MiB: loaded in {loading:F2} s, resident memory + {(after - before) >> 20} MiB; first image {first:F2} s ({found} detections)");
        (loaded as IDisposable)?.Dispose();
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        process.Refresh();
        return process.WorkingSet64;
    }
}
