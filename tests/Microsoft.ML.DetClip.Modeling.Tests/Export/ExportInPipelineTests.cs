using SkiaSharp;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>An exported network, used as its users do: in an ML.NET pipeline.</summary>
public sealed class ExportInPipelineTests : IDisposable
{
    private static readonly OpenVocabularyDetectionEstimator.Options Options = new() { Labels = ["mug", new("bass", "a low-frequency drum"), "red car"], ScoreThreshold = 0, MaxRegions = 50 };

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("detclip");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_batch_gives_what_its_images_give_alone()
    {
        var (detector, images) = (Export(), Images());

        var alone = Detect(detector, Options with { BatchSize = 1 }, images);
        var together = Detect(detector, Options with { BatchSize = 8 }, images);

        Assert.All(alone, found => Assert.Equal(Options.MaxDetections, found.Detections.Count));
        Assert.All(alone.Zip(together), pair => AssertClose(pair.First.Detections, pair.Second.Detections));
    }

    [Fact]
    public void Other_labels_do_not_change_a_labels_scores()
    {
        var (detector, images) = (Export(), Images());
        var all = Options with { IouThreshold = 1, MaxDetections = 10_000 };

        var alone = Detect(detector, all with { Labels = ["mug"], MaxRegions = 100_000 }, images);
        var among = Detect(detector, all with { MaxRegions = 100_000 }, images);

        Assert.All(alone.Zip(among), pair => AssertClose(pair.First.Detections, [.. pair.Second.Detections.Where(d => d.Label == "mug")]));
    }

    [Fact]
    public void A_saved_pipeline_gives_the_same_bits()
    {
        var (detector, images) = (Export(), Images());
        using var fitted = _mlContext.Transforms.DetectOpenVocabulary(detector, Options).Fit(images);
        var file = Path.Combine(_folder.FullName, "model.zip");
        _mlContext.Model.Save(fitted, images.Schema, file);

        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(file, out _);

        Assert.Equal(Found(fitted.Transform(images)).Select(f => f.Detections), Found(loaded.Transform(images)).Select(f => f.Detections));
    }

    private string Export()
    {
        var folder = Path.Combine(_folder.FullName, "detector");
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var tokenizer = BytePairLearner.Learn(["a mug of bass", "a low-frequency drum", "red car"], mergeCount: 40);
        DetectorExporter.Export(network, tokenizer, new() { ShortSide = 64, LongSide = 96 }, folder);
        return folder;
    }

    private IDataView Images()
    {
        var random = new Random(1);
        return _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 5).Select(i => new Row { Image = Noise(random, i % 2 == 0 ? (90, 70) : (60, 80)) }).ToArray());
    }

    private static byte[] Noise(Random random, (int Width, int Height) size)
    {
        using var bitmap = new SKBitmap(size.Width, size.Height, SKColorType.Bgra8888, SKAlphaType.Opaque);
        for (var y = 0; y < size.Height; y++)
            for (var x = 0; x < size.Width; x++)
                bitmap.SetPixel(x, y, new((byte)random.Next(256), (byte)random.Next(256), (byte)random.Next(256)));
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private FoundRow[] Detect(string detector, OpenVocabularyDetectionEstimator.Options options, IDataView images)
    {
        using var fitted = _mlContext.Transforms.DetectOpenVocabulary(detector, options).Fit(images);
        return Found(fitted.Transform(images));
    }

    private FoundRow[] Found(IDataView found) => [.. _mlContext.Data.CreateEnumerable<FoundRow>(found, reuseRowObject: false)];

    private static void AssertClose(IReadOnlyList<Detection> expected, IReadOnlyList<Detection> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        foreach (var (a, b) in expected.Zip(actual))
        {
            Assert.Equal(a.Label, b.Label);
            Assert.Equal(a.Score, b.Score, 1e-5f);
            Assert.InRange(new[] { a.Box.X0 - b.Box.X0, a.Box.Y0 - b.Box.Y0, a.Box.X1 - b.Box.X1, a.Box.Y1 - b.Box.Y1 }.Max(MathF.Abs), 0, 0.01f);
        }
    }

    private sealed class Row
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class FoundRow
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
