using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class FrozenTests
{
    private static readonly Concept[] Concepts = [new("red car"), new("bass", "a low-frequency drum") { Synonyms = ["drum"] }];

    [Fact]
    public void A_frozen_graph_says_what_the_open_one_says_of_the_same_concepts()
    {
        using var scope = NewDisposeScope();
        using var open = new ExportedDetector(DetClipVariants.Nano);
        using var folder = new TemporaryFolder();
        DetectorExporter.Export(open.Network, ExportedDetector.Tokenizer, new() { Frozen = Concepts }, folder.Path);
        var embeddings = DetectorExporter.Embeddings(open.Network, ExportedDetector.Tokenizer, Concepts)!;
        using var frozen = new OnnxRunner(Path.Combine(folder.Path, DetectorContract.ImageGraphFile));
        using var free = new OnnxRunner(open.ImageGraph);
        var pixels = randn(2, 3, 96, 64);

        var expected = free.Run((DetectorContract.Pixels, pixels), (DetectorContract.Concepts, tensor(embeddings, [3, embeddings.Length / 3])));

        foreach (var (name, value) in frozen.Run((DetectorContract.Pixels, pixels))) TensorAssert.Close(expected[name], value, absolute: 1e-6);
    }

    [Fact]
    public void A_frozen_detector_finds_its_own_names_and_refuses_others()
    {
        using var folder = new TemporaryFolder();
        using var detector = Fit(new MLContext(), folder.Path);

        var thrown = Assert.Throws<ArgumentException>(() => detector.WithVocabulary(["zebra"]));

        Assert.Equal(Concepts, detector.Options.Labels);
        Assert.False(File.Exists(Path.Combine(folder.Path, DetectorContract.TextGraphFile)));
        Assert.Equal("The detector's vocabulary was frozen when it was exported: it looks for 'red car', 'bass', in this order, and nothing else; asked for: 'zebra'. " +
            "Leave the labels out, or export the detector without --freeze.", thrown.Message);
    }

    [Fact]
    public void A_frozen_detector_survives_a_model_file()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext();
        using var detector = Fit(mlContext, folder.Path);

        mlContext.Model.Save(detector, NoRows(mlContext).Schema, folder.File("frozen.zip"));
        var loaded = mlContext.Model.Load(folder.File("frozen.zip"), out _);

        using var again = Assert.IsType<OpenVocabularyDetectionTransformer>(loaded);
        Assert.Equal(Concepts, again.Options.Labels);
    }

    /// <summary>Exports a network frozen to <see cref="Concepts"/>, and loads it.</summary>
    private static OpenVocabularyDetectionTransformer Fit(MLContext mlContext, string folder)
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new() { Frozen = Concepts }, folder);
        return mlContext.Transforms.DetectOpenVocabulary(folder, new OpenVocabularyDetectionEstimator.Options()).Fit(NoRows(mlContext));
    }

    private static IDataView NoRows(MLContext mlContext) => mlContext.Data.LoadFromEnumerable(Array.Empty<Row>());

    private sealed class Row
    {
        public string Image { get; set; } = "";
    }
}
