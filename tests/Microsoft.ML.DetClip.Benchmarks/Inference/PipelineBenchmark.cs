namespace Microsoft.ML.DetClip.Benchmarks.Inference;

/// <summary>An ML.NET pipeline over JPEG files against ONNX Runtime on tensors that are ready.</summary>
internal static class PipelineBenchmark
{
    private const int Names = 80;
    private const int Batches = 6;

    public static void Run(Setting setting)
    {
        var context = setting.Context();
        var paths = TestImages.Write(setting.Folder, Batches * setting.Batch, setting.Width, setting.Height);
        var rows = ImageRow.Load(context, paths);
        var model = new DetectorModel(setting.Model.Manifest with { ShortSide = Math.Min(setting.Height, setting.Width), LongSide = Math.Max(setting.Height, setting.Width) },
            setting.Model.ImageGraph, setting.Model.TextGraph, setting.Model.Tokenizer);
        using var detector = context.Transforms.DetectOpenVocabulary(model, new()
        {
            Labels = setting.Names(Names), BatchSize = setting.Batch, ScoreThreshold = 0, Runtime = new() { Threads = setting.Threads },
        }).Fit(rows);
        using var session = setting.Open();
        var vocabulary = session.Encode(setting.Names(Names), new(Console.WriteLine));
        var pixels = Ready(session, model.Manifest, paths[..setting.Batch], out var shape);
        new Contest(("ONNX Runtime on ready tensors", () => Cost.Of(() => Bare(session, pixels, shape, vocabulary))), ("ML.NET pipeline over JPEG files", () => Cost.Of(() => ImageRow.Find(detector, rows))))
            .Run($"{paths.Length} images in batches of {setting.Batch}, K = {Names}", setting.Rounds);
        Allocations(detector, rows, paths.Length);
    }

    private static void Bare(DetectorSession session, Memory<float> pixels, long[] shape, EncodedVocabulary vocabulary)
    {
        for (var i = 0; i < Batches; i++) session.Run(pixels, shape, vocabulary, 1000).Dispose();
    }

    private static float[] Ready(DetectorSession session, DetectorManifest manifest, string[] paths, out long[] shape)
    {
        var plan = manifest.Fit(ImageDecoder.Peek(paths[0]).Width, ImageDecoder.Peek(paths[0]).Height);
        var length = 3 * plan.CanvasHeight * plan.CanvasWidth;
        var pixels = new float[paths.Length * length];
        foreach (var (i, path) in paths.Index())
        {
            using var image = ImageDecoder.FromFile(path);
            session.Normalize(image, plan, pixels.AsSpan(i * length, length));
        }
        shape = [paths.Length, 3, plan.CanvasHeight, plan.CanvasWidth];
        return pixels;
    }

    /// <summary>What is allocated on all threads, beside the results themselves: 100 detections of 56 bytes and their list.</summary>
    private static void Allocations(OpenVocabularyDetectionTransformer detector, IDataView rows, int images)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var found = ImageRow.Find(detector, rows).Sum(list => list.Count);
        var all = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)images;
        Console.WriteLine();
        Console.WriteLine($"allocated: {all / 1024:F1} KB an image, the result of {found / (double)images:F0} detections included");
    }
}
