using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Tests;

public class DetectorSessionTests
{
    private static readonly SessionDevice Cpu = SessionDevice.Cpu;
    private static readonly EncodingNotes Quiet = new(Assert.Fail);

    [Fact]
    public void Embeddings_do_not_depend_on_what_they_are_encoded_with()
    {
        using var session = new DetectorSession(ToyDetector.Model, Cpu, Assert.Fail);
        using var other = new DetectorSession(ToyDetector.Model, Cpu, Assert.Fail);
        Concept[] concepts = [.. Enumerable.Range(0, 3 * TextEncoder.BatchSize + 5).Select(i => new Concept($"{"rgbx"[i % 4]}{i}"))];

        var all = session.Encode(concepts, Quiet).Embeddings;
        var backwards = concepts.Reverse().SelectMany(c => other.Encode([c], Quiet).Embeddings.Reverse()).Reverse();

        Assert.Equal(all, backwards);
        Assert.Equal(all, session.Encode(concepts, Quiet).Embeddings);
    }

    [Fact]
    public void What_was_encoded_before_needs_no_text_graph()
    {
        var garbage = "not a graph"u8.ToArray();
        var model = new DetectorModel(ToyDetector.Manifest with { TextEncoderHash = DetectorModel.HashTextEncoder(garbage, ToyDetector.Tokenizer) },
            ToyDetector.Model.ImageGraph, garbage, ToyDetector.Tokenizer);
        using var session = new DetectorSession(model, Cpu, Assert.Fail);

        session.Texts.Keep(["red", "blue, cold"], new float[] { 1, 2, 3, 4, 5, 6 });

        Assert.Equal([4, 5, 6, 1, 2, 3], session.Encode([new("blue", "cold"), "red"], Quiet).Embeddings);
        var thrown = Assert.Throws<InvalidDataException>(() => session.Encode(["blue"], Quiet));
        Assert.StartsWith("text.onnx cannot be run: ", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_of_another_contract_is_refused_with_every_difference()
    {
        var model = new DetectorModel(ToyDetector.Manifest, ToyDetector.TextGraph, ToyDetector.TextGraph, ToyDetector.Tokenizer);

        var thrown = Assert.Throws<InvalidDataException>(() => new DetectorSession(model, Cpu, Assert.Fail));

        Assert.Equal("image.onnx is not the graph of a detector: input 'pixels' (Float [N, 3, H, W]) is missing; input 'concepts' (Float [K, 3]) is missing; " +
            "input 'max_regions' (Int64 [1]) is missing; input 'tokens' is unknown; output 'boxes' (Float [N, R, 4]) is missing; " +
            "output 'scores' (Float [N, R, K]) is missing; output 'embeddings' (Float [N, R, 3]) is missing; output 'locations' (Int64 [N, R]) is missing. " +
            "Export it with Microsoft.ML.DetClip.Modeling.", thrown.Message);
    }

    [Fact]
    public void A_graph_of_another_width_is_refused()
    {
        var model = new DetectorModel(ToyDetector.Manifest with { EmbeddingWidth = 7, TextLength = 5 }, ToyDetector.Model.ImageGraph, ToyDetector.TextGraph, ToyDetector.Tokenizer);

        var thrown = Assert.Throws<InvalidDataException>(() => new DetectorSession(model, Cpu, Assert.Fail));

        Assert.Contains("input 'concepts' (Float [K, 7]) is Float [?, 3]", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("output 'embeddings' (Float [N, R, 7]) is Float [?, ?, 3]", thrown.Message, StringComparison.Ordinal);
    }

    [CpuOnlyFact]
    public void Without_a_GPU_the_CPU_is_used_and_that_is_said()
    {
        List<string> log = [];
        var mlContext = new MLContext { GpuDeviceId = 0, FallbackToCpu = true };
        mlContext.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) log.Add(e.RawMessage); };
        var data = mlContext.Data.LoadFromEnumerable([new PathRow()]);

        using var detector = mlContext.Fit(Toy.Options, data);

        Assert.NotEmpty(log);
        Assert.All(log, message => Assert.StartsWith("GPU 0 cannot be used, running on the CPU: ", message, StringComparison.Ordinal));
    }

    [CpuOnlyFact]
    public void Without_a_GPU_and_without_fallback_it_fails_and_says_what_to_do()
    {
        var mlContext = new MLContext { GpuDeviceId = 0, FallbackToCpu = false };
        var data = mlContext.Data.LoadFromEnumerable([new PathRow()]);

        var thrown = Assert.Throws<InvalidOperationException>(() => mlContext.Fit(Toy.Options, data));

        Assert.StartsWith("GPU 0 cannot be used: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("MLContext.FallbackToCpu", thrown.Message, StringComparison.Ordinal);
    }

    private sealed class CpuOnlyFactAttribute : FactAttribute
    {
        public CpuOnlyFactAttribute()
        {
            using var options = new SessionOptions();
            if (new SessionDevice(0, FallbackToCpu: true).UseProvider(options, _ => { })) Skip = "needs a machine without a GPU that ONNX Runtime can use";
        }
    }
}
