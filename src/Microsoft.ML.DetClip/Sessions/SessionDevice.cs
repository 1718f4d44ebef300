using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip;

/// <summary>Where graphs run: <c>MLContext.GpuDeviceId</c> and <c>MLContext.FallbackToCpu</c>, and a transformer's own settings.</summary>
/// <param name="GpuId">Index of the context's GPU; null for the CPU.</param>
/// <param name="FallbackToCpu">Without the device, run on the CPU and say so, instead of failing.</param>
internal readonly record struct SessionDevice(int? GpuId, bool FallbackToCpu)
{
    /// <summary>What <see cref="ConvolutionSearch"/> is where nothing is said.</summary>
    public const string UsualSearch = "HEURISTIC";

    public static SessionDevice Cpu { get; } = new(null, FallbackToCpu: true);

    /// <summary>Settings of the transformer.</summary>
    public DetectorRuntime Runtime { get; init; } = new();

    /// <summary>Whether inputs and outputs are bound; null for where it has a use, on devices with a memory of their own. Tests run what runs there on the CPU, benchmarks measure what it is worth.</summary>
    public bool? Binds { get; init; }

    /// <summary>How cuDNN chooses the algorithm of a convolution: EXHAUSTIVE tries all, HEURISTIC asks for the best, DEFAULT takes one.</summary>
    /// <remarks>
    /// This is done anew whenever images have another size than those before: with ONNX Runtime's own default, EXHAUSTIVE, that takes half a second and more
    /// for swin-t (eng/docs/log.md, "On an H200").
    /// </remarks>
    public string ConvolutionSearch { get; init; } = UsualSearch;

    private ExecutionProvider Provider => Runtime.Provider switch
    {
        ExecutionProvider.Automatic => GpuId is null && Runtime.DeviceId is null ? ExecutionProvider.Cpu : ExecutionProvider.Cuda,
        var chosen => chosen,
    };

    /// <summary>Whether the provider computes in a memory that is not the CPU's.</summary>
    private bool HasMemory => Provider is ExecutionProvider.Cuda or ExecutionProvider.TensorRT or ExecutionProvider.DirectML;

    private int DeviceId => Runtime.DeviceId ?? GpuId ?? 0;

    /// <summary>A session of an ONNX file in memory, on this device.</summary>
    /// <param name="graph">The ONNX file.</param>
    /// <param name="name">What messages call the graph.</param>
    /// <param name="warn">Called with a sentence when the CPU is used instead.</param>
    /// <param name="onDevice">Whether the session computes in a memory that is not the CPU's.</param>
    /// <exception cref="InvalidDataException">The bytes are no ONNX graph that ONNX Runtime can run.</exception>
    /// <exception cref="InvalidOperationException">There is no such device, or no ONNX Runtime for it, and no fallback is allowed.</exception>
    public InferenceSession CreateSession(byte[] graph, string name, Action<string> warn, out bool onDevice)
    {
        OrtTelemetry.TurnOff();
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, IntraOpNumThreads = Runtime.Threads }; // its warnings, on stderr, are for who exports
        onDevice = UseProvider(options, warn) && HasMemory;
        if (!onDevice) options.EnableMemoryPattern = false; // a block for each size of images, beside what the first run took: twice the memory, and no faster
        try
        {
            return new(graph, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"{name} cannot be run: {e.Message} (An ONNX file with its weights in a file beside it is not supported; export it as one file.)", e);
        }
    }

    /// <summary>Makes a session run on this device.</summary>
    /// <param name="options">Of the session.</param>
    /// <param name="warn">Called with a sentence when the CPU is used instead.</param>
    /// <returns>False when the CPU is used instead.</returns>
    /// <exception cref="InvalidOperationException">There is no such device, or no ONNX Runtime for it, and no fallback is allowed.</exception>
    /// <remarks>A native package without the provider has no entry point for it at all, which is not an <see cref="OnnxRuntimeException"/>.</remarks>
    internal bool UseProvider(SessionOptions options, Action<string> warn)
    {
        try
        {
            Append(options);
            return true;
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException or DllNotFoundException or NotSupportedException)
        {
            var (device, help) = Describe();
            if (!FallbackToCpu)
                throw new InvalidOperationException($"{device} cannot be used: {e.Message.TrimEnd('.')}. To run on it, {help}; or set MLContext.FallbackToCpu.", e);
            warn($"{device} cannot be used, running on the CPU: {e.Message.TrimEnd('.')}. To run on it, {help}.");
            return false;
        }
    }

    private void Append(SessionOptions options)
    {
        switch (Provider)
        {
            case ExecutionProvider.Cuda:
                AppendCuda(options);
                break;
            case ExecutionProvider.TensorRT:
                options.AppendExecutionProvider_Tensorrt(DeviceId);
                AppendCuda(options);
                break;
            case ExecutionProvider.DirectML:
                options.EnableMemoryPattern = false; // DirectML asks for both
                options.ExecutionMode = ExecutionMode.ORT_SEQUENTIAL;
                options.AppendExecutionProvider_DML(DeviceId);
                break;
            case ExecutionProvider.OpenVino:
                options.AppendExecutionProvider_OpenVINO("CPU");
                break;
        }
    }

    private void AppendCuda(SessionOptions options)
    {
        using var cuda = new OrtCUDAProviderOptions();
        cuda.UpdateOptions(new() { ["device_id"] = $"{DeviceId}", ["cudnn_conv_algo_search"] = ConvolutionSearch });
        options.AppendExecutionProvider_CUDA(cuda);
    }

    private (string Device, string Help) Describe()
    {
        const string Check = "and check that the device and its driver are there";
        return Provider switch
        {
            ExecutionProvider.TensorRT => ($"TensorRT on GPU {DeviceId}", $"reference Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime, install TensorRT, {Check}"),
            ExecutionProvider.DirectML => ($"DirectML on device {DeviceId}", $"reference Microsoft.ML.OnnxRuntime.DirectML instead of Microsoft.ML.OnnxRuntime, on Windows, {Check}"),
            ExecutionProvider.OpenVino => ("OpenVINO", "reference Intel.ML.OnnxRuntime.OpenVino instead of Microsoft.ML.OnnxRuntime, and install OpenVINO"),
            _ => ($"GPU {DeviceId}", "reference Microsoft.ML.OnnxRuntime.Gpu instead of Microsoft.ML.OnnxRuntime, and check that the device and CUDA are there"),
        };
    }
}
