using Microsoft.ML.DetClip.Benchmarks.Rivals;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>One image at a time, on a tensor that is ready: ours, and torchvision's nearest detector.</summary>
internal static class RivalsBenchmark
{
    private const int Names = 80;

    public static void Run(Setting setting)
    {
        using var session = setting.Open();
        var vocabulary = session.Encode(setting.Names(Names), new(Console.WriteLine));
        var pixels = new float[3 * setting.Height * setting.Width];
        Cost Ours() => Cost.Of(() => session.Run(pixels, [1, 3, setting.Height, setting.Width], vocabulary, 1000).Dispose());
        using var rival = Rival.Start(setting.Python, "Rivals/detector_step.py", setting.Height, setting.Width, setting.Threads);
        if (rival is null) return;
        Console.WriteLine($"Rival: {rival.Description}");
        new Contest(("torchvision", rival.Step), ("ours", Ours)).Run($"One image of {setting.Height}x{setting.Width}, tensor ready, {setting.Threads} threads", setting.Rounds);
    }
}
