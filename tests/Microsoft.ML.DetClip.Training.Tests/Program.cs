// What KillTests starts and kills: trains in the folder of the first argument, from where the last process stopped.
// Says on standard output, a line each: "writing" in the middle of each checkpoint, and then waits a moment; "step"; "done".
using Microsoft.ML.DetClip.Training.Tests;
using TorchSharp;

torch.set_num_threads(1);
var trained = ResumableRun.Train(
    KillTests.Options(args[0]),
    afterStep: _ => Console.WriteLine("step"),
    midWrite: () =>
    {
        Console.WriteLine("writing");
        Thread.Sleep(KillTests.Writing);
    });
await File.WriteAllBytesAsync(KillTests.WeightsIn(args[0]), KillTests.Bytes(trained));
Console.WriteLine("done");
