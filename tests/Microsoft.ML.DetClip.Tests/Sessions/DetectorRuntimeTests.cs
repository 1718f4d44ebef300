namespace Microsoft.ML.DetClip.Tests;

public class DetectorRuntimeTests
{
    private static readonly DetectorRuntime TwoThreads = new() { Threads = 2 };

    // The CPU package of ONNX Runtime, which the tests run on, has none of these.
    [Theory]
    [InlineData(ExecutionProvider.TensorRT, "TensorRT on GPU 0", "Microsoft.ML.OnnxRuntime.Gpu")]
    [InlineData(ExecutionProvider.DirectML, "DirectML on device 0", "Microsoft.ML.OnnxRuntime.DirectML")]
    [InlineData(ExecutionProvider.OpenVino, "OpenVINO", "Intel.ML.OnnxRuntime.OpenVino")]
    public void A_provider_that_is_not_there_is_named_with_its_package(ExecutionProvider provider, string device, string package)
    {
        var runtime = new DetectorRuntime { Provider = provider };
        List<string> warnings = [];

        var thrown = Assert.Throws<InvalidOperationException>(() => new DetectorSession(ToyDetector.Model, new(null, FallbackToCpu: false) { Runtime = runtime }, Assert.Fail));
        using var session = new DetectorSession(ToyDetector.Model, new(null, FallbackToCpu: true) { Runtime = runtime }, warnings.Add);

        Assert.StartsWith($"{device} cannot be used: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(package, thrown.Message, StringComparison.Ordinal);
        Assert.Contains("MLContext.FallbackToCpu", thrown.Message, StringComparison.Ordinal);
        Assert.StartsWith($"{device} cannot be used, running on the CPU: ", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains(package, warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void The_CPU_is_used_when_it_is_asked_for_whatever_the_context_says()
    {
        using var session = new DetectorSession(ToyDetector.Model, new(0, FallbackToCpu: false) { Runtime = new() { Provider = ExecutionProvider.Cpu, WarmUp = true } }, Assert.Fail);

        Assert.Equal(6, session.Encode(["red", "blue"], new(Assert.Fail)).Embeddings.Length);
    }

    [Fact]
    public void Bad_settings_are_all_named()
    {
        var options = Toy.Options with { Runtime = new() { Provider = (ExecutionProvider)77, DeviceId = -1, Threads = -2, MemoryBudget = 0, CanvasMultiple = 0 } };

        var thrown = Assert.Throws<ArgumentException>(() => options.Checked());

        foreach (var name in (string[])["Runtime.Provider is 77", "Runtime.DeviceId is -1", "Runtime.Threads is -2", "Runtime.MemoryBudget is 0, allowed: a positive number, or null", "Runtime.CanvasMultiple is 0, allowed: a positive number, or null"]) Assert.Contains(name, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_multiple_of_the_long_side_makes_one_canvas_of_all()
    {
        var manifest = ToyDetector.Manifest;
        Letterbox[] Views(int? multiple)
        {
            using var session = new DetectorSession(ToyDetector.Model, SessionDevice.Cpu with { Runtime = new() { CanvasMultiple = multiple } }, Assert.Fail);
            return [session.Fit(400, 200), session.Fit(300, 300), session.Fit(7, 900), session.LargestView];
        }

        var (own, one) = (Views(null), Views(manifest.LongSide));

        Assert.Equal((manifest.LongSide, manifest.LongSide), Assert.Single(one.Select(view => (view.CanvasWidth, view.CanvasHeight)).Distinct()));
        Assert.True(own.Select(view => (view.CanvasWidth, view.CanvasHeight)).Distinct().Count() > 2);
        Assert.Equal(own.Select(view => (view.ContentWidth, view.ContentHeight)), one.Select(view => (view.ContentWidth, view.ContentHeight)));
    }

    [Fact]
    public void Another_runtime_gets_a_session_of_its_own_and_the_same_results()
    {
        var mlContext = new MLContext();
        var data = mlContext.Data.LoadFromEnumerable([new PathRow()]);
        var detector = mlContext.Fit(Toy.Options, data);
        using var same = detector.WithOptions(detector.Options with { ScoreThreshold = 0.1f });
        using var other = detector.WithOptions(detector.Options with { Runtime = TwoThreads });
        using (var first = detector.OpenSession())
        using (var second = same.OpenSession())
        using (var third = other.OpenSession())
        {
            Assert.Same(first.Value, second.Value);
            Assert.NotSame(first.Value, third.Value);
        }
        detector.Dispose();

        using var session = other.OpenSession();
        Assert.Equal(TwoThreads, session.Value.Device.Runtime);
    }
}
