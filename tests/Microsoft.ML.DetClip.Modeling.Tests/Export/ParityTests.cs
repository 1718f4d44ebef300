using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class ParityTests
{
    // ONNX Runtime's sigmoid is good to some 5e-4 of a probability near 1e-5, less than the bound that users are promised.
    private static readonly ParityOptions Small = new() { Sizes = [(64, 96)], ConceptCounts = [1, 5], BatchSizes = [2], MaxRegions = 40, Bound = 1e-3 };

    public static TheoryData<string> Readings => [.. Configs.Keys];

    internal static Dictionary<string, DetClipConfig> Configs { get; } = new()
    {
        ["default"] = DetClipVariants.Nano,
        ["GLIP"] = DetClipVariants.Nano with { Similarity = SimilarityConfig.Glip },
        ["YOLO-World"] = DetClipVariants.Nano with { Similarity = SimilarityConfig.YoloWorld },
        ["YOLOE"] = DetClipVariants.Nano with { Similarity = SimilarityConfig.Yoloe },
        ["fixed scale and bias"] = DetClipVariants.Nano with { Similarity = new() { Scale = LogitScale.Fixed, InitialScale = 0.5, Bias = LogitBias.Fixed, InitialBias = -2 } },
        ["clamped, no bias"] = DetClipVariants.Nano with { Similarity = new() { Bias = LogitBias.None, Clamp = 1.5 } },
        ["geometric mean"] = DetClipVariants.Nano with { Head = DetClipVariants.Nano.Head with { ScoreFusion = ScoreFusion.GeometricMean } },
        ["plain convolution, anchors on corners"] = DetClipVariants.Nano with { Head = DetClipVariants.Nano.Head with { Deformable = false, AnchorOffset = 0 } },
        ["extra outputs for proposals"] = DetClipVariants.Nano with { Head = DetClipVariants.Nano.Head with { Foreground = true, PredictedIoU = true } },
        ["mean of tokens"] = DetClipVariants.Nano with { Text = DetClipVariants.Nano.Text with { Pooling = TextPooling.Mean } },
        ["exact GELU"] = DetClipVariants.Nano with { Text = DetClipVariants.Nano.Text with { QuickGelu = false } },
        ["other window and length"] = DetClipVariants.Nano with
        {
            Backbone = DetClipVariants.Nano.Backbone with { Window = 4 },
            Text = DetClipVariants.Nano.Text with { Length = 5 },
        },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    public void Every_reading_of_the_network_agrees_with_torch(string reading)
    {
        using var detector = new ExportedDetector(Configs[reading]);

        var report = ParityMeasurement.Measure(detector.Network, detector.Folder.Path, Small);

        Assert.True(report.Passed, report.ToTable());
        Assert.All(report.Cases, c => Assert.Equal(40, c.Regions));
    }

    [Fact]
    public void Any_image_size_batch_and_concept_count_agrees_with_torch()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        var options = Small with { Sizes = [(1, 1), (33, 250), (131, 77), (224, 224)], ConceptCounts = [1, 80, 1203], BatchSizes = [1, 3] };

        var report = ParityMeasurement.Measure(detector.Network, detector.Folder.Path, options);

        Assert.True(report.Passed, report.ToTable());
        Assert.Equal(24, report.Cases.Count);
        Assert.Contains(report.Cases, c => c.Regions < 40); // 1x1 pixels have fewer locations
    }

    [Theory]
    [InlineData("backbone.layers.0.blocks.0.attn.relative_position_bias_table")]
    [InlineData("head.deform.steering.bias")]
    [InlineData("head.scale0")]
    [InlineData("similarity.bias")]
    [InlineData("text.text_projection")]
    public void A_weight_that_changed_after_the_export_is_noticed(string key)
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        using (no_grad())
        {
            var weight = detector.Network.named_parameters().Single(p => p.name == key).parameter;
            weight.add_(randn_like(weight) * 0.05);
        }

        Assert.False(ParityMeasurement.Measure(detector.Network, detector.Folder.Path, Small).Passed);
    }

    [Fact]
    public void A_report_survives_its_file()
    {
        using var folder = new TemporaryFolder();
        var report = new ParityReport("nano", 1e-3, new(1e-6, 2e-6), [new(64, 96, 1, 5, 40, new(0.5, 0.1), new(1e-5, 1e-4), new(0, 0), new(2e-6, 1e-5), double.PositiveInfinity)]);

        report.Save(folder.File("parity.json"));

        var read = ParityReport.Load(folder.File("parity.json"));
        Assert.Equal(report.Cases, read.Cases);
        Assert.Equal(report.ToTable(), read.ToTable());
        Assert.False(read.Passed);
    }

    [Fact]
    public void Options_that_make_no_sense_are_all_named()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        var error = Assert.Throws<ArgumentException>(() => ParityMeasurement.Measure(network, "nowhere", new() { Sizes = [(0, 5)], BatchSizes = [], Bound = 0, Threads = -1 }));
        foreach (var name in (string[])["Sizes", "BatchSizes", "Bound", "Threads"]) Assert.Contains(name, error.Message);
    }
}
