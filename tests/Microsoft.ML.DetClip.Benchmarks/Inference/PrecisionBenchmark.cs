namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>A detector in other numbers against itself in 32-bit floats, on images of one's own: speed, size, and which detections are kept.</summary>
/// <remarks>
/// Options: <c>--model</c> folder or zip that holds the precision, <c>--precision</c> Int8 or Float16, <c>--images</c> folder of JPEG or PNG files, <c>--names</c> file with a name
/// in each line, <c>--threshold</c> 0.3, <c>--threads</c> 2, <c>--rounds</c> 3.
/// </remarks>
internal static class PrecisionBenchmark
{
    private const float SameBox = 0.5f;

    public static void Run(BenchmarkOptions options)
    {
        var model = DetectorModel.Load(options.Text("model", ""));
        var precision = Enum.Parse<DetectorPrecision>(options.Text("precision", nameof(DetectorPrecision.Int8)), ignoreCase: true);
        var labels = File.ReadAllLines(options.Text("names", "")).Select(name => new Concept(name)).ToArray();
        string[] paths = [.. Directory.EnumerateFiles(options.Text("images", ""), "*.*g", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var context = new MLContext { FallbackToCpu = true };
        var rows = ImageRow.Load(context, paths);
        OpenVocabularyDetectionTransformer Open(DetectorPrecision numbers) => context.Transforms.DetectOpenVocabulary(model, new()
        {
            Labels = labels, ScoreThreshold = (float)options.Number("threshold", 0.3), Runtime = new() { Threads = options.Count("threads", 2), Precision = numbers },
        }).Fit(rows);
        using var floats = Open(DetectorPrecision.Float32);
        using var rounded = Open(precision);
        Compare(ImageRow.Find(floats, rows), ImageRow.Find(rounded, rows));
        Console.WriteLine($"graph: {model.ImageGraph.Length / 1048576.0:F1} MiB in floats, {model.ImageGraphOf(precision).Length / 1048576.0:F1} in {precision}");
        new Contest(("32-bit floats", () => Cost.Of(() => ImageRow.Find(floats, rows))), ($"{precision}", () => Cost.Of(() => ImageRow.Find(rounded, rows))))
            .Run($"{paths.Length} images, {labels.Length} names, files to detections", options.Count("rounds", 3));
    }

    // A detection is kept where the other numbers give the same name to a box that overlaps it by half or more; each serves once, best scores first.
    private static void Compare(DetectionList[] floats, DetectionList[] rounded)
    {
        var (all, others, kept, change) = (0, 0, 0, 0.0);
        foreach (var (expected, found) in floats.Zip(rounded))
        {
            (all, others) = (all + expected.Count, others + found.Count);
            var left = found.ToList();
            foreach (var one in expected)
            {
                var same = left.Where(other => other.Label == one.Label && other.Box.IoU(one.Box) >= SameBox).OrderByDescending(other => other.Box.IoU(one.Box)).FirstOrDefault();
                if (same is null) continue;
                left.Remove(same);
                (kept, change) = (kept + 1, change + Math.Abs(same.Score - one.Score));
            }
        }
        if (kept == 0) Console.WriteLine($"{all} detections in floats, {others} in the other numbers, none in common: choose another --threshold");
        else Console.WriteLine($"{all} detections in floats, {others} in the other numbers; {kept} kept ({100.0 * kept / all:F1} %), {others - kept} new; mean change of a kept score {change / kept:F4}");
    }
}
