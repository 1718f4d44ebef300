using System.Diagnostics;

namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>What more names cost: in an image, and when they are new.</summary>
internal static class VocabularyBenchmark
{
    private const int Many = 1203; // LVIS

    public static void Run(Setting setting)
    {
        using var session = setting.Open();
        var first = Stopwatch.GetTimestamp();
        var many = session.Encode(setting.Names(Many), new(Console.WriteLine));
        Console.WriteLine($"{Many} new names encoded in {Stopwatch.GetElapsedTime(first).TotalSeconds:F2} s, the text graph's loading included");
        var again = Stopwatch.GetTimestamp();
        session.Encode(setting.Names(Many), new(Console.WriteLine));
        Console.WriteLine($"the same names again in {Stopwatch.GetElapsedTime(again).TotalMilliseconds:F1} ms");
        var one = session.Encode(setting.Names(1), new(Console.WriteLine));
        var pixels = new float[3 * setting.Height * setting.Width];
        long[] shape = [1, 3, setting.Height, setting.Width];
        Cost Detect(EncodedVocabulary vocabulary) => Cost.Of(() => session.Run(pixels, shape, vocabulary, 1000).Dispose());
        new Contest(("K = 1", () => Detect(one)), ($"K = {Many}", () => Detect(many))).Run("One image, the session alone", setting.Rounds);
    }
}
