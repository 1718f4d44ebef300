using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>
/// Whether a number handed to torch lives until torch has read it. TorchSharp wraps numbers in a <see cref="Scalar"/>, hands over its bare address and does not keep the
/// wrapper alive during the call; its finalizer frees the number. Here one thread computes and compares, another allocates and collects without pause, as loaders of images do now and then.
/// Options: --minutes 15. A quarter of the time goes to TorchSharp as it is, the rest to what the product does: numbers held, and steps of a Swin block.
/// </summary>
internal static class ScalarStress
{
    public static void Run(BenchmarkOptions options)
    {
        set_num_threads(1);
        var minutes = options.Number("minutes", 15);
        using var stop = new CancellationTokenSource();
        var loader = new Thread(() => Allocate(stop.Token)) { IsBackground = true };
        loader.Start();
        using var block = new BlockStep();
        Stress("training steps of a Swin block", minutes / 2, block.RepeatsItself);
        Stress("held", minutes / 4, Optimize(x => Numbers.Number(x), x => Numbers.Number(x)));
        Stress("unheld", minutes / 4, Optimize(x => x, x => x));
        stop.Cancel();
        loader.Join();
    }

    private static void Stress(string name, double minutes, Func<bool> isRight)
    {
        var (rounds, wrong, thrown, clock, collections, message) = (0L, 0L, 0L, Stopwatch.StartNew(), GC.CollectionCount(0), "");
        for (; clock.Elapsed.TotalMinutes < minutes; rounds++)
        {
            using var scope = NewDisposeScope();
            try
            {
                if (!isRight()) wrong++;
            }
            catch (ExternalException e)
            {
                if (thrown++ == 0) message = $"{e.Message.Split('\n')[0]}{Environment.NewLine}{e.StackTrace}";
            }
        }
        Console.WriteLine($"{name}: {rounds} rounds, {GC.CollectionCount(0) - collections} collections, {wrong} wrong, {thrown} thrown {message}");
    }

    /// <summary>Operators of an optimizer on few numbers, with scalars made in two ways.</summary>
    private static Func<bool> Optimize(Func<double, Scalar> first, Func<double, Scalar> second)
    {
        var (a, b, right) = (ones(8), ones(8), full(8, Numbers.Number(3.875)));
        return () =>
        {
            a.fill_(first(1));
            a.mul_(second(3)).add_(b, alpha: first(0.5)).addcmul_(b, b, second(0.25)).addcdiv_(b, b, first(0.125));
            return a.eq(right).all().item<bool>();
        };
    }

    private static void Allocate(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            GC.KeepAlive(new byte[20_000]);
            GC.Collect(0);
        }
    }

    /// <summary>Two steps of a small Swin block from the same weights; always the same numbers, or something was freed too early.</summary>
    private sealed class BlockStep : IDisposable
    {
        private readonly SwinBlock _block = new(channels: 8, heads: 2, new WindowGrid(4, 2), dropPath: 0.2);
        private readonly Tensor[] _start;
        private readonly Tensor _x = randn(2, 8, 8, 8);
        private byte[]? _expected;

        public BlockStep() => _start = [.. _block.parameters().Select(p => p.detach().clone())];

        public bool RepeatsItself()
        {
            random.manual_seed(1);
            Restore();
            using var optimizer = new NetworkOptimizer(ParameterGroups.Of(_block, textRateFactor: 0), rate: 1e-2, weightDecay: 0.05, maxNorm: 0.1);
            for (var step = 0; step < 2; step++)
            {
                optimizer.Add(_block.Forward(TorchOps.Training, _x).Squared().mean());
                optimizer.Step(1);
            }
            var weights = _block.parameters().SelectMany(p => p.bytes.ToArray()).ToArray();
            _expected ??= weights;
            return weights.AsSpan().SequenceEqual(_expected);
        }

        public void Dispose()
        {
            foreach (var tensor in _start) tensor.Dispose();
            _x.Dispose();
            _block.Dispose();
        }

        private void Restore()
        {
            using var frozen = no_grad();
            foreach (var (parameter, value) in _block.parameters().Zip<Parameter, Tensor>(_start)) parameter.copy_(value);
        }
    }
}
