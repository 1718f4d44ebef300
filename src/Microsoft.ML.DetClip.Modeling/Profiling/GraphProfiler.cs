using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Runs an image graph in ONNX Runtime and tells where the time goes.</summary>
internal static class GraphProfiler
{
    /// <summary>Profiles a detector's image graph.</summary>
    public static GraphProfile Profile(DetectorModel model, ProfileOptions options) => Profile(model.ImageGraph, options);

    /// <summary>Runs the graph on random pixels and names, and measures the machine between the runs.</summary>
    /// <param name="graph">An image graph of <see cref="DetectorContract"/>, as a file in memory.</param>
    /// <param name="options">On what.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static GraphProfile Profile(byte[] graph, ProfileOptions options)
    {
        options = options.Checked();
        var log = Path.Combine(Path.GetTempPath(), $"detclip-{Guid.NewGuid():N}");
        using var session = Open(graph, options.Threads, options.Gpu, log);
        using var probe = new MatrixProbe(options.Threads, options.Gpu);
        Run(session, probe, options);
        var file = session.EndProfiling();
        var (milliseconds, nodes) = ProfileEvents.Read(File.ReadAllBytes(file), skip: 1, isOnGpu: options.Gpu is not null);
        File.Delete(file);
        return new(options.Height, options.Width, options.Batch, options.Concepts, options.Threads, options.Runs, milliseconds, probe.Rate, nodes);
    }

    /// <summary>A session with <see cref="SleepingThreads"/>.</summary>
    internal static InferenceSession Open(byte[] graph, int threads, int? gpu = null, string? profile = null)
    {
        using var options = SleepingThreads(threads, gpu);
        if (profile is not null) (options.ProfileOutputPathPrefix, options.EnableProfiling) = (profile, true);
        return new(graph, options);
    }

    /// <summary>Options of a session whose threads sleep between operators, so that two sessions, or torch, do not take each other's cores.</summary>
    /// <param name="threads">Threads of one operator; 0 for as many as there are cores.</param>
    /// <param name="gpu">CUDA device; null for the CPU.</param>
    internal static SessionOptions SleepingThreads(int threads, int? gpu)
    {
        OrtTelemetry.TurnOff();
        var options = new SessionOptions { IntraOpNumThreads = threads, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        if (gpu is not null) new SessionDevice(gpu, FallbackToCpu: false).UseProvider(options, _ => { });
        return options;
    }

    private static void Run(InferenceSession session, MatrixProbe probe, ProfileOptions options)
    {
        var inputs = session.InputMetadata.ToDictionary(i => i.Key, i => RandomInput(i.Key, i.Value, options));
        try
        {
            for (var run = 0; run <= options.Runs; run++)
            {
                using var runOptions = new RunOptions();
                using var outputs = session.Run(runOptions, [.. inputs.Keys], [.. inputs.Values], session.OutputNames);
                probe.Measure();
            }
        }
        finally
        {
            foreach (var input in inputs.Values) input.Dispose();
        }
    }

    private static OrtValue RandomInput(string name, NodeMetadata metadata, ProfileOptions options)
    {
        long[] shape = name == DetectorContract.Pixels ? [options.Batch, 3, options.Height, options.Width] : [options.Concepts, metadata.Dimensions[^1]];
        var random = new Random(1);
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++) values[i] = 4 * random.NextSingle() - 2;
        return OrtValue.CreateTensorValueFromMemory(values, shape);
    }
}
