using System.Diagnostics;
using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>That TorchSharp's numbers live as long as libtorch reads them; see eng/TorchSharp.KeepAlive.targets.</summary>
public class ScalarLifetimeTests
{
    [Fact]
    public void TorchSharp_is_not_optimised_so_that_arguments_outlive_native_calls()
    {
        var debuggable = (DebuggableAttribute?)Attribute.GetCustomAttribute(typeof(Tensor).Assembly, typeof(DebuggableAttribute));

        Assert.True(debuggable is { IsJITOptimizerDisabled: true });
    }

    [LongFact]
    public void Sums_are_right_while_other_threads_collect_garbage()
    {
        var running = Stopwatch.StartNew();
        var busy = Enumerable.Range(0, 4).Select(_ => new Thread(() => { while (running.Elapsed.TotalSeconds < 60) GC.KeepAlive(new byte[2000]); })).ToArray();
        foreach (var thread in busy) thread.Start();
        using var one = ones(4);

        var wrong = 0;
        while (running.Elapsed.TotalSeconds < 60)
        {
            using var sum = one + one;
            if (sum.data<float>()[0] != 2) wrong++;
        }

        foreach (var thread in busy) thread.Join();
        Assert.Equal(0, wrong);
    }
}
