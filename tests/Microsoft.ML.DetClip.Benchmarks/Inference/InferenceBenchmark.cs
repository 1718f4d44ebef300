using System.Globalization;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>Detecting: what ML.NET, names, images and selection cost beside ONNX Runtime alone.</summary>
/// <remarks>
/// Options: <c>--model</c> folder or zip (else an untrained <c>--variant</c>, swin-t, is exported), <c>--size</c> height x width (640x640), <c>--threads</c> 2,
/// <c>--batch</c> 8, <c>--rounds</c> 5, <c>--gpu</c> number of a CUDA device (else the CPU), <c>--only</c> one or more of vocabulary, pipeline, parts, start, rivals, onnxmodel, batches, device.
/// </remarks>
internal static class InferenceBenchmark
{
    public static void Run(BenchmarkOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("detclip").FullName;
        try
        {
            var setting = Setting.Of(options, folder);
            Console.WriteLine($"{Environment.ProcessorCount} processors, .NET {Environment.Version}, ONNX Runtime {OnnxRuntime.OrtEnv.Instance().GetVersionString()}; {setting.Model.Manifest.Variant}, {setting.Height}x{setting.Width}, {setting.Threads} threads");
            var only = options.Text("only", "vocabulary,parts,pipeline,start,rivals,onnxmodel,batches").Split(',');
            if (only.Contains("vocabulary")) VocabularyBenchmark.Run(setting);
            if (only.Contains("parts")) PartsBenchmark.Run(setting);
            if (only.Contains("pipeline")) PipelineBenchmark.Run(setting);
            if (only.Contains("start")) StartBenchmark.Run(setting);
            if (only.Contains("rivals")) RivalsBenchmark.Run(setting);
            if (only.Contains("onnxmodel")) OnnxModelBenchmark.Run(setting, options.Text("variant", "swin-t"));
            if (only.Contains("batches")) BatchBenchmark.Run(setting);
            if (only.Contains("device")) DeviceBenchmark.Run(setting);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What is measured, and on what.</summary>
internal sealed record Setting(DetectorModel Model, string ModelPath, string Folder, int Height, int Width, int Threads, int Batch, int Rounds, string Python, int? Gpu)
{
    public static Setting Of(BenchmarkOptions options, string folder)
    {
        int[] size = [.. options.Text("size", "640x640").Split('x').Select(int.Parse)];
        var path = options.Text("model", "");
        if (path.Length == 0) path = Export(options.Text("variant", "swin-t"), Path.Combine(folder, "detector"), size);
        return new(DetectorModel.Load(path), path, folder, size[0], size[1], options.Count("threads", 2), options.Count("batch", 8), options.Count("rounds", 5),
            options.Text("python", "/usr/bin/python3"), options.Text("gpu", "") is { Length: > 0 } gpu ? int.Parse(gpu, CultureInfo.InvariantCulture) : null);
    }

    /// <summary>Names that are no words, as many as asked for.</summary>
    public Concept[] Names(int count, string prefix = "thing") => [.. Enumerable.Range(0, count).Select(i => new Concept($"{prefix} {i}"))];

    /// <summary>A context whose models run where the setting says.</summary>
    public MLContext Context() => new() { GpuDeviceId = Gpu, FallbackToCpu = false };

    /// <summary>A session where the setting says, with as many threads as it says, so that the benchmark's threads do not fight over them.</summary>
    public DetectorSession Open(DetectorRuntime? runtime = null, bool? binds = null, string search = SessionDevice.UsualSearch) =>
        new(Model, new SessionDevice(Gpu, FallbackToCpu: false) { Runtime = (runtime ?? new()) with { Threads = Threads }, Binds = binds, ConvolutionSearch = search }, Console.WriteLine);

    /// <summary>An untrained detector in a folder.</summary>
    /// <returns>The folder.</returns>
    public static string Export(string variant, string folder, int[] size, IReadOnlyList<Concept>? frozen = null)
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Named(variant), seed: 1);
        DetectorExporter.Export(network, BytePairLearner.Learn([], mergeCount: 0), new() { ShortSide = size.Min(), LongSide = size.Max(), Frozen = frozen }, folder);
        return folder;
    }
}
