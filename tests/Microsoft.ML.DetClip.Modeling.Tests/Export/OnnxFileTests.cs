using Microsoft.ML.DetClip.Testing;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class OnnxFileTests
{
    private static readonly Dictionary<string, string> NoMetadata = [];

    [Fact]
    public void A_model_with_external_weights_gives_the_same_results()
    {
        using var network = ExportedDetector.Disturbed(DetClipVariants.Nano, seed: 1);
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var graph = DetectorExporter.ImageGraph(network, maxRegions: 30);
        OnnxFile.Save(graph, folder.File("one.onnx"), NoMetadata);
        OnnxFile.Save(graph, folder.File("two.onnx"), NoMetadata, "two.onnx.data");
        using var one = new OnnxRunner(folder.File("one.onnx"), threads: 1);
        using var two = new OnnxRunner(folder.File("two.onnx"), threads: 1);

        (string, Tensor)[] inputs = [(DetectorContract.Pixels, randn(1, 3, 64, 64)), (DetectorContract.Concepts, randn(4, 64))];
        var (expected, actual) = (one.Run(inputs), two.Run(inputs));

        foreach (var (name, value) in expected) TensorAssert.Equal(value, actual[name]);
        Assert.InRange(new FileInfo(folder.File("two.onnx.data")).Length, new FileInfo(folder.File("two.onnx")).Length * 4, long.MaxValue);
    }

    [Fact]
    public void External_weights_lie_on_pages_and_hold_their_values()
    {
        using var folder = new TemporaryFolder();
        float[] first = [.. Enumerable.Range(0, 1500).Select(i => (float)i)], second = [.. first.Select(x => -x)];
        var graph = new OnnxGraph("two tensors");
        graph.Store(OnnxTensor.Of("first", [1500], first));
        graph.Store(OnnxTensor.Of("second", [1500], second));

        OnnxFile.Save(graph, folder.File("m.onnx"), NoMetadata, "m.data");

        var bytes = File.ReadAllBytes(folder.File("m.data"));
        Assert.Equal(8192 + 6000, bytes.Length);
        Assert.Equal(1499, BitConverter.ToSingle(bytes, 1499 * 4));
        Assert.Equal(-1499, BitConverter.ToSingle(bytes, 8192 + 1499 * 4));
    }

    [Fact]
    public void A_model_above_two_GiB_is_refused_before_anything_is_written_and_fits_with_external_weights()
    {
        using var folder = new TemporaryFolder();
        var graph = new OnnxGraph("huge");
        graph.Store(new OnnxTensor("weights", OnnxType.Float, [600_000_000], _ => throw new InvalidOperationException("written")));

        var error = Assert.Throws<InvalidOperationException>(() => OnnxFile.Save(graph, folder.File("huge.onnx"), NoMetadata));

        Assert.Contains("external file", error.Message);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        graph = new OnnxGraph("huge, outside");
        graph.Store(new OnnxTensor("weights", OnnxType.Float, [600_000_000], _ => { }));
        OnnxFile.Save(graph, folder.File("huge.onnx"), NoMetadata, "huge.data");
        Assert.InRange(new FileInfo(folder.File("huge.onnx")).Length, 1, 1000);
    }

    [Fact]
    public void A_failed_write_leaves_the_old_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("m.onnx"), "old");
        var graph = new OnnxGraph("fails");
        graph.Store(new OnnxTensor("weights", OnnxType.Float, [10], _ => throw new IOException("no")));

        Assert.Throws<IOException>(() => OnnxFile.Save(graph, folder.File("m.onnx"), NoMetadata));

        Assert.Equal("old", File.ReadAllText(folder.File("m.onnx")));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Equal_networks_make_equal_bytes_and_others_do_not()
    {
        using var folder = new TemporaryFolder();
        byte[][] files = [.. ((long[])[3, 3, 4]).Select((seed, i) => Write(folder.File($"{i}.onnx"), seed))];

        Assert.Equal(files[0], files[1]);
        Assert.NotEqual(files[0], files[2]);

        static byte[] Write(string path, long seed)
        {
            using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed);
            OnnxFile.Save(DetectorExporter.ImageGraph(network, 10), path, DetectorExporter.Metadata(network));
            return File.ReadAllBytes(path);
        }
    }

    [Fact]
    public void A_file_says_what_made_it_and_takes_and_gives_what_the_contract_says()
    {
        using var detector = new ExportedDetector(DetClipVariants.Nano);
        using var session = new InferenceSession(detector.ImageGraph);
        var metadata = session.ModelMetadata;

        Assert.Equal("Microsoft.ML.DetClip", metadata.ProducerName);
        Assert.Equal("image", metadata.GraphName);
        Assert.Equal("1", metadata.CustomMetadataMap["format_version"]);
        Assert.Equal("nano", metadata.CustomMetadataMap["variant"]);
        Assert.Equal([DetectorContract.Pixels, DetectorContract.Concepts], session.InputNames);
        Assert.Equal([DetectorContract.MaxRegions], session.OverridableInitializerMetadata.Keys);
        Assert.Equal([DetectorContract.Boxes, DetectorContract.Scores, DetectorContract.Embeddings, DetectorContract.Locations, DetectorContract.Qualities], session.OutputNames);
        Assert.Equal([-1, 3, -1, -1], session.InputMetadata[DetectorContract.Pixels].Dimensions);
        Assert.Equal([-1, -1, -1], session.OutputMetadata[DetectorContract.Scores].Dimensions);
        Assert.Equal([-1, -1, 64], session.OutputMetadata[DetectorContract.Embeddings].Dimensions);
    }
}
