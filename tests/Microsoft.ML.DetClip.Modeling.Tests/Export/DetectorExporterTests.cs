using System.Security.Cryptography;
using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class DetectorExporterTests
{
    private static readonly string[] Files = [DetectorContract.ManifestFile, DetectorContract.ImageGraphFile, DetectorContract.TextGraphFile, DetectorContract.TokenizerFile];

    [Fact]
    public void The_folder_holds_graphs_tokenizer_and_a_manifest_that_fits_them()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano with { Similarity = SimilarityConfig.Glip }, seed: 1);
        using var folder = new TemporaryFolder();

        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new() { ShortSide = 320, LongSide = 512 }, folder.Path);

        Assert.Equal(Files.Order(), Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        var manifest = Manifest(folder);
        Assert.Equal((1, "nano", 65, 16, 320, 512), (manifest.FormatVersion, manifest.Variant, manifest.EmbeddingWidth, manifest.TextLength, manifest.ShortSide, manifest.LongSide));
        byte[] hashed = [.. File.ReadAllBytes(folder.File(DetectorContract.TextGraphFile)), .. File.ReadAllBytes(folder.File(DetectorContract.TokenizerFile))];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(hashed)), manifest.TextEncoderHash);
        Assert.Equal(NetworkMemory.Of(network, 320, 512, new ExportOptions().MaxRegions), manifest.Memory);
    }

    [Fact]
    public void Every_node_of_a_graph_is_read()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);

        Assert.All([DetectorExporter.ImageGraph(network, maxRegions: 100), DetectorExporter.TextGraph(network)], graph =>
        {
            var read = graph.Nodes.SelectMany(node => node.Inputs).Concat(graph.Outputs.Select(o => o.Name)).ToHashSet();
            Assert.All(graph.Nodes, node => Assert.Contains(node.Outputs, read.Contains));
            Assert.All(graph.Initializers, tensor => Assert.Contains(tensor.Name, read));
        });
    }

    [Fact]
    public void An_export_replaces_an_older_one_with_its_report_but_no_foreign_files()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(DetectorContract.ManifestFile), "old");
        File.WriteAllText(folder.File(DetectorContract.ParityFile), "old");
        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), folder.Path);
        Assert.Equal(Files.Order(), Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());

        File.WriteAllText(folder.File("thesis.docx"), "precious");
        var error = Assert.Throws<IOException>(() => DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), folder.Path));

        Assert.Contains("thesis.docx", error.Message);
        Assert.Equal("precious", File.ReadAllText(folder.File("thesis.docx")));
    }

    [Fact]
    public void A_failed_export_leaves_nothing_or_what_there_was()
    {
        using DetClipNetwork whole = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1), broken = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        broken.named_parameters().Single(p => p.name == "text.ln_final.bias").parameter.Dispose();
        using var parent = new TemporaryFolder();
        var target = parent.File("detector");
        Assert.Throws<InvalidOperationException>(Fail);
        Assert.Empty(Directory.EnumerateFileSystemEntries(parent.Path));

        DetectorExporter.Export(whole, ExportedDetector.Tokenizer, new(), target);
        Assert.Throws<InvalidOperationException>(Fail);

        Assert.Equal(["detector"], Directory.EnumerateFileSystemEntries(parent.Path).Select(Path.GetFileName));
        Assert.Equal(4, Directory.EnumerateFileSystemEntries(target).Count());

        void Fail() => DetectorExporter.Export(broken, ExportedDetector.Tokenizer, new(), target);
    }

    [Fact]
    public void A_tokenizer_with_more_ids_than_the_network_is_refused()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano with { Text = DetClipVariants.Nano.Text with { Vocabulary = 400 } }, seed: 1);
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ArgumentException>(() => DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), folder.Path));
        Assert.Contains("400", error.Message);
        Assert.False(Directory.Exists(folder.Path));
    }

    [Fact]
    public void A_network_in_training_exports_the_same_and_goes_on_training()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano with { Similarity = SimilarityConfig.Yoloe }, seed: 1);
        using TemporaryFolder evaluating = new(), training = new();
        network.eval();
        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), evaluating.Path);
        network.train();

        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), training.Path);
        var report = ParityMeasurement.Measure(network, training.Path, new() { Sizes = [(40, 40)], ConceptCounts = [2], BatchSizes = [1] });

        Assert.True(report.Passed, report.ToTable());
        Assert.All(network.modules(), module => Assert.True(module.training));
        foreach (var file in Files) Assert.Equal(File.ReadAllBytes(evaluating.File(file)), File.ReadAllBytes(training.File(file)));
    }

    [Fact]
    public void The_number_of_regions_may_be_left_out()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        DetectorExporter.Export(network, ExportedDetector.Tokenizer, new() { MaxRegions = 17 }, folder.Path);
        using var runner = new OnnxRunner(folder.File(DetectorContract.ImageGraphFile));

        Assert.Equal([1, 17], Locations().shape);
        Assert.Equal([1, 5], Locations((DetectorContract.MaxRegions, tensor(new long[] { 5 }))).shape);

        Tensor Locations(params (string, Tensor)[] more) =>
            runner.Run([(DetectorContract.Pixels, zeros(1, 3, 64, 64)), (DetectorContract.Concepts, zeros(2, 64)), .. more])[DetectorContract.Locations];
    }

    [Fact]
    public void Export_leaves_no_tensors_behind()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        using var folder = new TemporaryFolder();
        LeakAssert.NoTensorsLeftBy(() => DetectorExporter.Export(network, ExportedDetector.Tokenizer, new(), folder.Path));
    }

    [Fact]
    public void Options_that_make_no_sense_are_all_named_and_nothing_is_written()
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<ArgumentException>(() => DetectorExporter.Export(
            network, ExportedDetector.Tokenizer, new() { ShortSide = 900, LongSide = 800, SizeDivisor = 0, PixelStd = [1, 0, 1], MaxRegions = 0 }, folder.Path));

        foreach (var name in (string[])["LongSide", "SizeDivisor", "PixelStd", "MaxRegions"]) Assert.Contains(name, error.Message);
        Assert.False(Directory.Exists(folder.Path));
    }

    private static DetectorManifest Manifest(TemporaryFolder folder) => DetectorManifest.Parse(File.ReadAllBytes(folder.File(DetectorContract.ManifestFile)));
}
