using SkiaSharp;
using Xunit.Abstractions;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Exported detectors on a GPU. Products there round their factors to 10 bits (TF32), so numbers are not the CPU's.</summary>
public sealed class CudaDetectionTests(ITestOutputHelper output) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [OnnxCudaTheory]
    [InlineData("nano")]
    [InlineData("swin-t")]
    public void A_graph_on_a_GPU_agrees_with_torch_on_the_CPU(string variant)
    {
        using var detector = new ExportedDetector(DetClipVariants.Named(variant));

        var report = ParityMeasurement.Measure(detector.Network, detector.Folder.Path, new() { Sizes = [(224, 320), (301, 177)], BatchSizes = [1, 3], Gpu = 0, Bound = 0.05 });

        output.WriteLine(report.ToTable());
        Assert.True(report.Passed, report.ToTable());
    }

    [OnnxCudaTheory]
    [InlineData(DetectorPrecision.Float32, 0.01)]
    [InlineData(DetectorPrecision.Float16, 0.05)]
    public void A_pipeline_on_a_GPU_finds_what_it_finds_on_the_CPU(DetectorPrecision precision, float tolerance)
    {
        var (detector, images) = (Export(), Images());

        var expected = Find(detector, images, new() { Provider = ExecutionProvider.Cpu });
        var found = Find(detector, images, new() { Provider = ExecutionProvider.Cuda, Precision = precision, WarmUp = true });

        // Each of the CPU's surest has a box of its name at its place; near the threshold order may differ.
        foreach (var (sure, all) in expected.Zip(found))
            foreach (var one in sure.Take(20))
                Assert.Contains(all, other => other.Label == one.Label && other.Box.IoU(one.Box) > 0.9 && Math.Abs(other.Score - one.Score) < tolerance);
    }

    private string Export()
    {
        using var network = ExportedDetector.Disturbed(DetClipVariants.Nano, seed: 1);
        var options = new ExportOptions { ShortSide = 96, LongSide = 128 };
        DetectorExporter.Export(network, ExportedDetector.Tokenizer, options, _folder.Path);
        DetectorExporter.AddPrecision(network, ExportedDetector.Tokenizer, options, _folder.Path, DetectorPrecision.Float16, [.. Enumerable.Range(0, 2).Select(Photo)]);
        return _folder.Path;
    }

    private static DetectionList[] Find(string detector, string[] images, DetectorRuntime runtime)
    {
        var context = new MLContext(seed: 1) { FallbackToCpu = false };
        var rows = context.Data.LoadFromEnumerable(images.Select(path => new Row { Image = path }));
        using var fitted = context.Transforms.DetectOpenVocabulary(detector, new()
        {
            Labels = ["red car", "bus", "two cars"], ScoreThreshold = 0, IouThreshold = 1, MaxDetections = 1000, BatchSize = 3, Runtime = runtime,
        }).Fit(rows);
        return [.. context.Data.CreateEnumerable<Found>(fitted.Transform(rows), reuseRowObject: false).Select(row => row.Detections)];
    }

    private string[] Images() => [.. Enumerable.Range(0, 7).Select(Photo)];

    // Noise of many sizes: a network of random weights sees something else everywhere.
    private string Photo(int number)
    {
        var random = new Random(number);
        using var bitmap = new SKBitmap(90 + number % 2 * 30, 70, SKColorType.Bgra8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        for (var i = 0; i < 40; i++)
        {
            using var paint = new SKPaint { Color = new((uint)random.Next() | 0xff000000) };
            canvas.DrawCircle(random.Next(bitmap.Width), random.Next(bitmap.Height), random.Next(2, 25), paint);
        }
        var path = _folder.File($"{number}.png");
        using var stream = File.Create(path);
        bitmap.Encode(stream, SKEncodedImageFormat.Png, 100);
        return path;
    }

    private sealed class Row
    {
        public string Image { get; set; } = "";
    }

    private sealed class Found
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
