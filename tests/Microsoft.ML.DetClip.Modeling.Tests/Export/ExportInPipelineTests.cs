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

        Assert.All(alone, found => Assert.InRange(found.Detections.Count, Options.MaxDetections / 2, Options.MaxDetections));
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

    [Theory]
    [InlineData("default")]
    [InlineData("GLIP")]
    [InlineData("YOLO-World")]
    [InlineData("geometric mean")]
    public void Stored_regions_answer_what_detecting_again_answers(string reading)
    {
        var (detector, images) = (Export(ParityTests.Configs[reading]), Images());
        var all = Options with { IouThreshold = 1, MaxDetections = 1_000_000, MaxRegions = 100_000 };
        using var stored = _mlContext.Transforms.DetectOpenVocabulary(detector, all with { Labels = ["zebra"], RegionsColumnName = "Regions" }).Fit(images);

        var again = Detect(detector, all, images);
        var rows = _mlContext.Data.CreateEnumerable<RegionsRow>(stored.Transform(images), reuseRowObject: false).ToArray();

        Assert.All(rows.Zip(again), pair =>
        {
            Assert.Equal(0, pair.First.Regions!.Bound);
            var (asked, detected) = (ByPlace(stored.Requery(pair.First.Regions, Options.Labels)), ByPlace(pair.Second.Detections));
            Assert.True(asked.Length > 100);
            Assert.Equal(detected.Select(d => (d.Label, d.Box)), asked.Select(d => (d.Label, d.Box)));
            Assert.All(detected.Zip(asked), d => Assert.Equal(d.First.Score, d.Second.Score, 1e-5f));
        });
    }

    [Fact]
    public void Of_the_regions_left_out_none_can_score_above_the_bound()
    {
        var (detector, images) = (Export(), Images());
        var options = Options with { IouThreshold = 1, MaxDetections = 1_000_000, MaxRegions = 20, RegionsColumnName = "Regions" };
        using var some = _mlContext.Transforms.DetectOpenVocabulary(detector, options).Fit(images);
        using var all = some.WithOptions(options with { MaxRegions = 100_000 });
        using var other = some.WithOptions(options with { Labels = ["zebra"] });

        var rows = _mlContext.Data.CreateEnumerable<RegionsRow>(some.Transform(images), reuseRowObject: false).ToArray();

        var complete = Found(all.Transform(images));
        Assert.All(rows.Zip(complete), pair =>
        {
            Assert.Equal(20, pair.First.Regions!.Count);
            Assert.True(pair.First.Regions.Bound > 0);
            Assert.All(pair.Second.Detections.Except(pair.First.Detections), missed => Assert.True(missed.Score <= pair.First.Regions.Bound));
        });
        Assert.Equal(rows.Select(r => r.Regions!.Boxes), _mlContext.Data.CreateEnumerable<RegionsRow>(other.Transform(images), reuseRowObject: false).Select(r => r.Regions!.Boxes));
    }

    private static Detection[] ByPlace(IEnumerable<Detection> detections) =>
        [.. detections.OrderBy(d => d.Label).ThenBy(d => (d.Box.X0, d.Box.Y0, d.Box.X1, d.Box.Y1)).ThenBy(d => d.Score)];

    private string Export() => Export(DetClipVariants.Nano);

    private string Export(DetClipConfig config)
    {
        var folder = Path.Combine(_folder.FullName, "detector");
        using var network = DetClipNetwork.Create(config, seed: 1);
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

    private sealed class RegionsRow
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;

        [Regions]
        public RegionList? Regions { get; set; }
    }

    private sealed class FoundRow
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
