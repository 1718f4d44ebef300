using System.Diagnostics;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>What a run of something took, in seconds.</summary>
/// <param name="Wall">Time that passed.</param>
/// <param name="Processor">Time of all processor cores on this process; what else runs on the machine hardly changes it.</param>
internal readonly record struct Cost(double Wall, double Processor)
{
    /// <summary>Runs an action several times and tells what one of them took.</summary>
    public static Cost Of(Action action, int times)
    {
        var all = Of(() =>
        {
            for (var i = 0; i < times; i++) action();
        });
        return new(all.Wall / times, all.Processor / times);
    }

    /// <summary>Runs an action and tells what it took.</summary>
    public static Cost Of(Action action)
    {
        var (wall, processor) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        action();
        return new(Stopwatch.GetElapsedTime(wall).TotalSeconds, (Environment.CpuUsage.TotalTime - processor).TotalSeconds);
    }
}
