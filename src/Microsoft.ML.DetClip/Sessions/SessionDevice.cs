using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Where graphs run: <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c>.</summary>
/// <param name="GpuId">Index of the CUDA device; null for the CPU.</param>
/// <param name="FallbackToCpu">Without that device, run on the CPU and say so, instead of failing.</param>
internal readonly record struct SessionDevice(int? GpuId, bool FallbackToCpu)
{
    public static SessionDevice Cpu { get; } = new(null, FallbackToCpu: true);

    /// <summary>A session of an ONNX file in memory, on this device.</summary>
    /// <param name="graph">The ONNX file.</param>
    /// <param name="name">What messages call the graph.</param>
    /// <param name="warn">Called with a sentence when the CPU is used instead.</param>
    /// <exception cref="InvalidDataException">The bytes are no ONNX graph that ONNX Runtime can run.</exception>
    /// <exception cref="InvalidOperationException">There is no such GPU, or no ONNX Runtime for GPUs, and no fallback is allowed.</exception>
    public InferenceSession CreateSession(byte[] graph, string name, Action<string> warn)
    {
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR }; // its warnings, on stderr, are for who exports
        if (GpuId is { } gpu) UseCuda(options, gpu, warn);
        try
        {
            return new(graph, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{name} cannot be run: {e.Message} (An ONNX file with its weights in a file beside it is not supported; export it as one file.)", e);
        }
    }

    // The CPU package of ONNX Runtime has no entry point for CUDA at all, which is not an OnnxRuntimeException.
    private void UseCuda(SessionOptions options, int gpu, Action<string> warn)
    {
        try
        {
            options.AppendExecutionProvider_CUDA(gpu);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException)
        {
            const string Help = "reference Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime, and check that the device and CUDA are there";
            if (!FallbackToCpu)
                throw new InvalidOperationException($"GPU {gpu} cannot be used: {e.Message.TrimEnd('.')}. To run on it, {Help}; or set MLContext.FallbackToCpu.", e);
            warn($"GPU {gpu} cannot be used, running on the CPU: {e.Message.TrimEnd('.')}. To run on the GPU, {Help}.");
        }
    }
}
