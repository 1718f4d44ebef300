using System.Diagnostics;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Makes batches on other threads ahead of the step that needs them, and hands them out in order.</summary>
internal static class BatchLoader
{
    /// <summary>The batches of steps <paramref name="first"/> to <paramref name="end"/> − 1. No more than <paramref name="ahead"/> wait in memory.</summary>
    /// <param name="make">Makes a step's batch; called on several threads at once.</param>
    /// <param name="first">First step.</param>
    /// <param name="end">One past the last step.</param>
    /// <param name="ahead">Batches being made or waiting, 1 or more; also the number of threads.</param>
    /// <returns>Each batch is the caller's to dispose. Those not taken are disposed when the enumeration ends.</returns>
    public static IEnumerable<Loaded<T>> Run<T>(Func<long, CancellationToken, T> make, long first, long end, int ahead) where T : IDisposable
    {
        using var stop = new CancellationTokenSource();
        var waiting = new Queue<Task<T>>();
        try
        {
            for (var step = first; step < end || waiting.Count > 0;)
            {
                for (; step < end && waiting.Count < ahead; step++) waiting.Enqueue(Start(make, step, stop.Token));
                var asked = Stopwatch.GetTimestamp();
                var item = waiting.Dequeue().GetAwaiter().GetResult();
                yield return new(item, Stopwatch.GetElapsedTime(asked).TotalSeconds);
            }
        }
        finally
        {
            stop.Cancel();
            foreach (var task in waiting) Discard(task);
        }
    }

    private static Task<T> Start<T>(Func<long, CancellationToken, T> make, long step, CancellationToken stop) =>
        Task.Run(() => make(step, stop), CancellationToken.None);

    private static void Discard<T>(Task<T> task) where T : IDisposable
    {
        try
        {
            task.GetAwaiter().GetResult().Dispose();
        }
        catch
        {
            // The enumeration is over: a batch that nobody will take may fail.
        }
    }
}
