namespace Microsoft.ML.DetClip.Modeling.Tests;

public class PrecisionTests
{
    private static readonly CalibrationImage[] Images = [Random(1, 96, 64), Random(2, 64, 128)];

    [Fact]
    public void Integers_change_little_and_halve_the_file()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        var graph = DetectorExporter.ImageGraph(detector.Network, maxRegions: 1000);

        var report = PrecisionExporter.Add(graph, graph, detector.Folder.Path, DetectorPrecision.Int8, Images, new() { Tolerance = 0.2, Threads = 1 });

        Assert.InRange(report.Bytes, 1, report.FloatBytes / 2);
        Assert.Contains(report.Layers, l => l.Rounded);
        Assert.InRange(report.LargestScoreChange, 1e-9, 0.5);
        Assert.Equal([DetectorPrecision.Float32, DetectorPrecision.Int8], DetectorModel.Load(detector.Folder.Path).Precisions);
    }

    [Fact]
    public void Half_floats_change_next_to_nothing_and_halve_the_file()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        var graph = DetectorExporter.ImageGraph(detector.Network, maxRegions: 1000);

        var report = PrecisionExporter.Add(graph, graph, detector.Folder.Path, DetectorPrecision.Float16, Images, new() { Threads = 1 });

        Assert.InRange(report.Bytes, 1, (long)(0.6 * report.FloatBytes));
        Assert.InRange(report.LargestScoreChange, 1e-9, 0.02);
        Assert.Empty(report.Layers);
    }

    [Fact]
    public void The_transformer_runs_the_graph_that_it_is_told()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        PrecisionExporter.Add(DetectorExporter.ImageGraph(detector.Network, 1000), DetectorExporter.ImageGraph(detector.Network, 1000), detector.Folder.Path, DetectorPrecision.Float16, Images, new() { Threads = 1 });
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable(Array.Empty<Row>());
        OpenVocabularyDetectionEstimator.Options In(DetectorPrecision precision) => new() { Labels = ["red car"], Runtime = new() { Precision = precision } };

        using var half = mlContext.Transforms.DetectOpenVocabulary(detector.Folder.Path, In(DetectorPrecision.Float16)).Fit(data);
        var missing = Assert.Throws<InvalidOperationException>(() => half.WithOptions(In(DetectorPrecision.Int8)));

        Assert.Equal("The detector has no graph in Int8, only in Float32, Float16. Choose one of these, or export it again with --precision.", missing.Message);
    }

    [Fact]
    public void What_harms_most_stays_in_floats()
    {
        var changes = new Dictionary<string, double> { ["a"] = 0.03, ["b"] = 0.5, ["c"] = 0.04, ["d"] = 0.06 };

        Assert.Equal(["a", "c"], Int8Graph.Kept(changes, tolerance: 0.05).Order());
        Assert.Equal(["a", "c", "d"], Int8Graph.Kept(changes, tolerance: 0.1).Order());
        Assert.Empty(Int8Graph.Kept(changes, tolerance: 0.01));
    }

    [Fact]
    public void A_range_leaves_out_no_more_than_it_may()
    {
        var histogram = new ValueHistogram();
        histogram.Add([.. Enumerable.Range(0, 100_000).Select(i => i / 100_000f)], step: 1);
        histogram.Add([-50, 1000], step: 1);

        var (all, most) = (histogram.Range(0), histogram.Range(1e-3));

        Assert.InRange(all.Low, -51, -50);
        Assert.InRange(all.High, 1000, 1001);
        Assert.InRange(most.High, 0.99f, 1.5f);
        Assert.Equal(0, most.Low, 1);
    }

    [Fact]
    public void Without_images_nothing_is_quantized()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        Assert.Throws<ArgumentException>(() => Int8Graph.Quantize(DetectorExporter.ImageGraph(network, 10), [], new()));
    }

    private sealed class Row
    {
        public string Image { get; set; } = "";
    }

    internal static CalibrationImage Random(int seed, int height, int width)
    {
        var random = new Random(seed);
        return new([.. Enumerable.Range(0, 3 * height * width).Select(_ => 4 * random.NextSingle() - 2)], height, width);
    }
}
