
namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>What happens to an image before and after the graph, on one core.</summary>
internal static class PartsBenchmark
{
    private const int Regions = 1000, Concepts = 1203;

    public static void Run(Setting setting)
    {
        var path = TestImages.Write(setting.Folder, 1, 1333, 800)[0];
        using var image = ImageDecoder.FromFile(path);
        var canvas = new float[3 * 800 * 1344];
        var plan = Letterbox.Fit(1333, 800, 800, 1333, 32);
        var smaller = Letterbox.Fit(1333, 800, 640, 640, 32);
        float[] mean = [123.675f, 116.28f, 103.53f], std = [58.395f, 57.12f, 57.375f];
        var (boxes, scores) = Scores();
        Console.WriteLine();
        Console.WriteLine("Parts, one core; processor ms and allocated bytes, medians of 30");
        Console.WriteLine();
        Console.WriteLine("| | ms | bytes |");
        Console.WriteLine("|---|---|---|");
        Measure("decode a JPEG of 1333x800", () => ImageDecoder.FromFile(path).Dispose());
        Measure("normalise 1333x800 to 1333x800", () => PixelNormalizer.Write(image, plan, mean, std, canvas));
        Measure("normalise 1333x800 to 640x384", () => PixelNormalizer.Write(image, smaller, mean, std, canvas.AsSpan(0, 3 * smaller.CanvasHeight * smaller.CanvasWidth)));
        Measure($"select among {Regions} regions × {Concepts} names, threshold 0.05", () => NonMaximumSuppression.Select(boxes, scores, new() { ScoreThreshold = 0.05f, MaxDetections = 100 }));
        Measure($"select among {Regions} regions × {Concepts} names, threshold 0, 300 detections", () => NonMaximumSuppression.Select(boxes, scores, new() { ScoreThreshold = 0, MaxDetections = 300 }));
    }

    private static void Measure(string what, Action action)
    {
        var (times, bytes) = (new List<double>(), new List<double>());
        for (var i = 0; i < 33; i++)
        {
            var (before, start) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            action();
            times.Add((Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
            bytes.Add(GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Console.WriteLine($"| {what} | {Median(times):F2} | {Median(bytes):F0} |");
    }

    private static double Median(List<double> values) => values.Skip(3).Order().ElementAt((values.Count - 3) / 2);

    /// <summary>Scores as a trained detector's: a few regions show something, most show nothing much.</summary>
    private static (Box[] Boxes, float[] Scores) Scores()
    {
        var random = new Random(1);
        var boxes = new Box[Regions];
        for (var i = 0; i < boxes.Length; i++)
        {
            var (x, y, side) = (random.NextSingle() * 1200, random.NextSingle() * 700, 20 + random.NextSingle() * 200);
            boxes[i] = new(x, y, x + side, y + side);
        }
        var scores = new float[Regions * Concepts];
        for (var i = 0; i < scores.Length; i++) scores[i] = MathF.Pow(random.NextSingle(), 40);
        return (boxes, scores);
    }
}
