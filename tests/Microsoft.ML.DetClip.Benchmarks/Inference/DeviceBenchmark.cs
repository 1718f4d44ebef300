using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>
/// A CUDA device against the CPU of the same machine, on tensors that are ready: with the vocabulary bound and without, in 16-bit floats where the model has them;
/// what the first image of a size costs by how cuDNN chooses its algorithms; and what a call takes of the device's memory beside what <see cref="MemoryBudget"/> takes it for.
/// </summary>
internal static class DeviceBenchmark
{
    private const int Calls = 10; // of the device, for one of the CPU's

    public static void Run(Setting setting)
    {
        if (setting.Gpu is null) throw new ArgumentException("--only device needs --gpu.");
        foreach (var (batch, names) in new[] { (1, 80), (setting.Batch, 80), (1, 1203) }) Times(setting, batch, names);
        foreach (var search in new[] { "EXHAUSTIVE", "HEURISTIC", "DEFAULT" }) NewSizes(setting, search);
        Memory(setting, names: 80);
    }

    private static void NewSizes(Setting setting, string search)
    {
        using var session = setting.Open(search: search);
        Setting Of(int less) => setting with { Height = setting.Height - 32 * less };
        Call(Of(0), session, batch: 1, names: 80)();
        foreach (var time in new[] { "first", "second", "third" })
        {
            var costs = Enumerable.Range(1, 6).Select(less => Cost.Of(Call(Of(less), session, batch: 1, names: 80))).ToArray();
            Console.WriteLine($"{search}: {time} call of six sizes, ms each: {string.Join(", ", costs.Select(c => $"{1e3 * c.Wall:F1}"))}");
        }
    }

    private static void Times(Setting setting, int batch, int names)
    {
        using var cpu = setting.Open(new() { Provider = ExecutionProvider.Cpu });
        using var bound = setting.Open();
        using var plain = setting.Open(binds: false);
        using var narrow = setting.Model.Precisions.Contains(DetectorPrecision.Float16) ? setting.Open(new() { Precision = DetectorPrecision.Float16 }) : null;
        Func<Cost> Of(DetectorSession session, int calls)
        {
            var call = Call(setting, session, batch, names);
            return () => Cost.Of(call, calls);
        }
        (string, Func<Cost>)[] all =
        [
            ("GPU", Of(bound, Calls)), ("GPU, the vocabulary copied at each call", Of(plain, Calls)),
            .. narrow is null ? Array.Empty<(string, Func<Cost>)>() : [("GPU, 16-bit floats", Of(narrow, Calls))],
            ($"CPU, {setting.Threads} threads", Of(cpu, 1)),
        ];
        new Contest(all).Run($"A call with {batch} image(s) of {setting.Height}x{setting.Width}, K = {names}, tensors ready", setting.Rounds);
    }

    private static Action Call(Setting setting, DetectorSession session, int batch, int names)
    {
        var vocabulary = session.Encode(setting.Names(names), new(Console.WriteLine));
        var pixels = new float[batch * 3 * setting.Height * setting.Width];
        var random = new Random(1);
        for (var i = 0; i < pixels.Length; i++) pixels[i] = random.NextSingle();
        return () => session.Run(pixels, [batch, 3, setting.Height, setting.Width], vocabulary, 1000).Dispose();
    }

    // The second call of a size of images takes another block, so two are made.
    private static void Memory(Setting setting, int names)
    {
        Console.WriteLine();
        Console.WriteLine("| images | MiB beside the first call's | MiB estimated |");
        Console.WriteLine("|---|---|---|");
        foreach (var batch in new[] { 1, 2, 4, 8, 16 })
        {
            using var session = setting.Open();
            Call(setting, session, batch: 1, names)(); // libraries, weights and the vocabulary
            var before = UsedMiB(setting.Gpu!.Value);
            var call = Call(setting, session, batch, names);
            call();
            call();
            var estimate = batch * session.Budget.OfImage((long)setting.Height * setting.Width, names) / 1048576;
            Console.WriteLine($"| {batch} | {UsedMiB(setting.Gpu.Value) - before} | {estimate:F0} |");
        }
    }

    private static long UsedMiB(int gpu)
    {
        using var smi = Process.Start(new ProcessStartInfo("nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits", "-i", $"{gpu}"]) { RedirectStandardOutput = true })!;
        return long.Parse(smi.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }
}
