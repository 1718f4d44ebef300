namespace Microsoft.ML.DetClip;

/// <summary>How many images go through the image graph at once, so that they do not take more than is wanted.</summary>
/// <remarks>
/// ONNX Runtime takes memory in blocks that it keeps and cuts up, so that a process grows by more than the results that exist at the same time; by how much was measured on the
/// CPU (eng/docs/log.md, "Memory of a batch"). On a device it also takes a block for each size of images, at its second run, and grows in large steps (eng/docs/log.md, "On an H200").
/// </remarks>
/// <param name="Bytes">What one call of the graph may take.</param>
/// <param name="Memory">What one image takes.</param>
/// <param name="OnDevice">Whether that is the memory of a device.</param>
internal sealed record MemoryBudget(long Bytes, DetectorMemory Memory, bool OnDevice = false)
{
    /// <summary>The most images of a call, however much memory there is: more make nothing faster, and rows are read ahead by as many.</summary>
    public const int MostImages = 32;

    /// <summary>What a process on the CPU grows by, for each byte of results that exist at the same time.</summary>
    public const double Growth = 2;

    /// <summary>The same on a device, measured on one GPU.</summary>
    public const double GrowthOnDevice = 3.5;

    /// <summary>The share of the free memory that a call may take when nothing is said.</summary>
    public const double Share = 0.5;

    /// <summary>The budget on a device whose memory is not asked, when nothing is said.</summary>
    public const long OfDevice = 2L << 30;

    private const int BytesOfPixel = 3 * sizeof(float);

    /// <summary>The budget that was asked for, or what is left now.</summary>
    public static MemoryBudget Of(DetectorRuntime runtime, DetectorManifest manifest, bool onDevice) =>
        new(runtime.MemoryBudget ?? (onDevice ? OfDevice : (long)(Share * Free())), manifest.Memory ?? DetectorMemory.Unknown, onDevice);

    /// <summary>Bytes that a call with one image takes: its pixels and what the graph makes of them.</summary>
    /// <param name="pixels">Of the canvas.</param>
    /// <param name="phrases">P, how many phrases are looked for.</param>
    public double OfImage(long pixels, int phrases) => pixels * BytesOfPixel + (OnDevice ? GrowthOnDevice : Growth) * Memory.Of(pixels, phrases);

    /// <summary>Images of one call, 1 to <see cref="MostImages"/>.</summary>
    /// <inheritdoc cref="OfImage"/>
    public int Batch(long pixels, int phrases) => (int)Math.Clamp(Bytes / OfImage(pixels, phrases), 1, MostImages);

    // The collector knows the limit of a container. It measures the load at each collection: before the first there is none.
    private static long Free()
    {
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - Math.Max(memory.MemoryLoadBytes, Environment.WorkingSet));
    }
}
