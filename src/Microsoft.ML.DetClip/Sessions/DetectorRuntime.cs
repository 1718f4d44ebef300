namespace Microsoft.ML.DetClip;

/// <summary>What ONNX Runtime computes with. Each but the CPU needs a native package of its own, which an error names where it is missing.</summary>
public enum ExecutionProvider
{
    /// <summary>CUDA when <c>MLContext.GpuDeviceId</c> is set, else the CPU.</summary>
    Automatic,

    /// <summary>The CPU, whatever the context says.</summary>
    Cpu,

    /// <summary>NVIDIA GPUs; package Microsoft.ML.OnnxRuntime.Gpu.</summary>
    Cuda,

    /// <summary>NVIDIA GPUs through TensorRT, what it cannot run through CUDA; package Microsoft.ML.OnnxRuntime.Gpu, and TensorRT itself.</summary>
    TensorRT,

    /// <summary>GPUs of Windows; package Microsoft.ML.OnnxRuntime.DirectML.</summary>
    DirectML,

    /// <summary>Intel's processors; package Intel.ML.OnnxRuntime.OpenVino.</summary>
    OpenVino,
}

/// <summary>How a detector's graphs are run. It changes speed and memory; results only as far as <see cref="Precision"/> rounds and <see cref="CanvasMultiple"/> pads.</summary>
public sealed record DetectorRuntime
{
    /// <summary>What computes. Without it, or without its package, <c>MLContext.FallbackToCpu</c> decides between the CPU, with a warning, and an error.</summary>
    public ExecutionProvider Provider { get; init; }

    /// <summary>Which device of the provider; null for <c>MLContext.GpuDeviceId</c>, or 0.</summary>
    public int? DeviceId { get; init; }

    /// <summary>Threads of one operator on the CPU; 0 for one on each core.</summary>
    public int Threads { get; init; }

    /// <summary>Which of the model's image graphs is run; see <see cref="DetectorModel.Precisions"/>.</summary>
    public DetectorPrecision Precision { get; init; }

    /// <summary>Runs the graph once on an empty image when the model is loaded, so that the first image takes no longer than others.</summary>
    public bool WarmUp { get; init; }

    /// <summary>Canvases are rounded up to a multiple of this many pixels each way, above 0; null for the detector's own multiple, <see cref="DetectorManifest.SizeDivisor"/>.</summary>
    /// <remarks>
    /// The greater, the fewer different canvases; one of the detector's long side makes a single square of all. On CUDA devices that saves a tenth of a second for each image of another size than the one before.
    /// What is added is padding, as images get it that are trained on together with larger ones: scores change a little (eng/docs/log.md, "One canvas for all").
    /// </remarks>
    public int? CanvasMultiple { get; init; }

    /// <summary>
    /// Bytes that one call of the image graph may take when <see cref="OpenVocabularyDetectionEstimator.Options.BatchSize"/> is 0. Null for half of the memory that this process
    /// could still have on the CPU when the model was loaded, and for 2 GiB on another device, whose memory is not asked. Calls that run at the same time take as much each. Above 0.
    /// </summary>
    /// <remarks>The estimate was compared with processes on the CPU and with one GPU.</remarks>
    public long? MemoryBudget { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    internal OptionsCheck Check() => new OptionsCheck()
        .Defined(Provider).That(DeviceId is null or >= 0, DeviceId, "0 or more, or null").AtLeast(0, Threads).Defined(Precision)
        .That(CanvasMultiple is null or > 0, CanvasMultiple, "a positive number, or null").That(MemoryBudget is null or > 0, MemoryBudget, "a positive number, or null");
}
