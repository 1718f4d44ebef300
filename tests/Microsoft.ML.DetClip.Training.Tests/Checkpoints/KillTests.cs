using System.Diagnostics;
using System.Runtime.InteropServices;
using Xunit.Abstractions;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>That a process which is killed at any time, in the middle of writing a checkpoint too, loses no more than the steps since the last one.</summary>
public sealed class KillTests(ITestOutputHelper output) : IDisposable
{
    private const int Kills = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-kill").FullName;

    /// <summary>How long a writer waits in the middle, so that it can be killed there.</summary>
    internal static TimeSpan Writing { get; } = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_run_killed_twenty_times_ends_with_the_weights_of_one_never_killed()
    {
        var expected = Bytes(ResumableRun.Train(Options(_folder) with { RunFolder = null }));
        var (random, whileWriting, watch) = (new Random(1), 0, Stopwatch.StartNew());

        for (var kill = 0; kill < Kills; kill++)
        {
            // Every second one when a checkpoint is half written, the others at any time after a step.
            KillAt(kill % 2 == 0 ? "writing" : "step", random.Next(1, 4), TimeSpan.FromMilliseconds(kill % 2 == 0 ? 0 : random.Next(0, 30)));
            if (Directory.GetFiles(_folder, "*.partial").Length > 0) whileWriting++;
        }
        output.WriteLine($"{Kills} kills, {whileWriting} while writing, {watch.Elapsed.TotalSeconds:F0} s");
        using (var last = Start()) last.WaitForExit();

        Assert.InRange(whileWriting, Kills / 2, Kills);
        Assert.Equal(expected, File.ReadAllBytes(WeightsIn(_folder)));
        Assert.Empty(Directory.GetFiles(_folder, "*.partial"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Steps enough for all kills, each of them a checkpoint.</summary>
    internal static DetClipTrainer.Options Options(string folder) =>
        ResumableRun.Options with { AccumulationSteps = 1, Epochs = 10, StepsPerCheckpoint = 1, RunFolder = folder, BatchesAhead = 1 };

    internal static string WeightsIn(string folder) => Path.Combine(folder, "weights.bin");

    internal static byte[] Bytes(ResumableRun.Result trained) => MemoryMarshal.AsBytes<float>(trained.Weights).ToArray();

    // Kills a process that goes on with the run, some time after it has said a word so often.
    private void KillAt(string word, int times, TimeSpan delay)
    {
        using var process = Start();
        for (var seen = 0; seen < times;)
        {
            var line = process.StandardOutput.ReadLine();
            Assert.True(line is "writing" or "step", line is null ? process.StandardError.ReadToEnd() : "The run ended before it was killed.");
            if (line == word) seen++;
        }
        Thread.Sleep(delay);
        process.Kill(); // SIGKILL: no handler runs, nothing is flushed
        process.WaitForExit();
    }

    private Process Start() => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [typeof(KillTests).Assembly.Location, _folder])
    {
        RedirectStandardOutput = true, RedirectStandardError = true,
        Environment = { ["DOTNET_TieredPGO"] = "0" }, // starts sooner
    })!;
}
