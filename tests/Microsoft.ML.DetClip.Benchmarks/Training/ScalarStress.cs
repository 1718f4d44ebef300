using System.Diagnostics;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>
/// Whether a number handed to torch lives until torch has read it. TorchSharp wraps numbers in <see cref="TorchSharp.Scalar"/>, hands over a bare pointer, and does not keep the
/// wrapper alive during the call; its finalizer frees the number. Here one thread computes and compares, another allocates and collects, as a loader of images would.
/// </summary>
internal static class ScalarStress
{
    public static void Run(BenchmarkOptions options)
    {
        set_num_threads(1);
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(options.Number("minutes", 15)));
        var loader = new Thread(() => Allocate(stop.Token)) { IsBackground = true };
        loader.Start();
        foreach (var (name, check) in Checks())
        {
            if (options.Text("only", name) != name) continue;
            var (wrong, thrown, rounds, clock) = (0L, 0L, 0L, Stopwatch.StartNew());
            var collections = GC.CollectionCount(0);
            var first = "";
            while (clock.Elapsed.TotalMinutes < options.Number("minutes", 15) / 3 && !stop.IsCancellationRequested)
            {
                using var scope = NewDisposeScope();
                rounds++;
                try
                {
                    if (!check()) wrong++;
                }
                catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or InvalidOperationException)
                {
                    if (thrown++ == 0) first = e.Message.Split('\n')[0];
                }
            }
            Console.WriteLine($"{name}: {rounds} rounds, {GC.CollectionCount(0) - collections} collections, {wrong} wrong, {thrown} thrown {first}");
        }
    }

    private static IEnumerable<(string, Func<bool>)> Checks()
    {
        var (a, b) = (ones(8, ScalarType.Float32), ones(8, ScalarType.Float32));
        yield return ("small", () =>
        {
            a.fill_(1);
            a.mul_(3.0).add_(b, alpha: 0.5).addcmul_(b, b, 0.25).addcdiv_(b, b, 0.125);
            return a.eq(b * 3.875).all().item<bool>();
        });
        var (big, narrow) = (ones(1 << 20, ScalarType.Float32), ones(1 << 20, ScalarType.BFloat16));
        yield return ("mixed", () => big.add(narrow, alpha: 0.5)[7].item<float>() == 1.5f);
    }

    private static void Allocate(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.KeepAlive(new byte[20_000]);
            GC.Collect(0);
        }
    }
}
