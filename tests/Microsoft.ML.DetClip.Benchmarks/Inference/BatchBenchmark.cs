namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>What batches bring: ONNX Runtime on tensors that are ready, the same images one by one and several in a call.</summary>
internal static class BatchBenchmark
{
    private const int Names = 80;
    private const int Images = 8;

    public static void Run(Setting setting)
    {
        using var session = setting.Open();
        var vocabulary = session.Encode(setting.Names(Names), new(Console.WriteLine));
        var length = 3 * setting.Height * setting.Width;
        var pixels = new float[Images * length];
        Cost Of(int batch) => Cost.Of(() =>
        {
            for (var first = 0; first < Images; first += batch)
                session.Run(pixels.AsMemory(first * length, batch * length), [batch, 3, setting.Height, setting.Width], vocabulary, 1000).Dispose();
        });
        new Contest([.. new[] { 1, 2, 4, 8 }.Select(batch => ($"batches of {batch}", (Func<Cost>)(() => Of(batch))))])
            .Run($"{Images} images of {setting.Height}x{setting.Width}, tensors ready, {setting.Threads} threads", setting.Rounds);
    }
}
