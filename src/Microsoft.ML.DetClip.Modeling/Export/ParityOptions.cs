namespace Microsoft.ML.DetClip.Modeling;

/// <summary>On what inputs an exported detector is compared with the network it came from. Every size meets every batch and every concept count.</summary>
internal sealed record ParityOptions
{
    /// <summary>Heights and widths of the images, in pixels; by default also such that no stride divides, and a wide one.</summary>
    public IReadOnlyList<(int Height, int Width)> Sizes { get; init; } = [(320, 320), (301, 467), (224, 704)];

    /// <summary>K: how many concepts are asked for.</summary>
    public IReadOnlyList<int> ConceptCounts { get; init; } = [1, 80, 1203];

    /// <summary>N: how many images at once.</summary>
    public IReadOnlyList<int> BatchSizes { get; init; } = [1, 2];

    /// <summary>The most regions of an image.</summary>
    public int MaxRegions { get; init; } = 300;

    /// <summary>Greatest relative difference that passes; see <see cref="ParityDifference"/>.</summary>
    public double Bound { get; init; } = 1e-3;

    /// <summary>Images, concepts and texts are drawn from this.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads of ONNX Runtime; 0 for as many as there are cores.</summary>
    public int Threads { get; init; }

    /// <summary>CUDA device that ONNX Runtime runs on; null for the CPU, where torch runs in any case.</summary>
    public int? Gpu { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting, its value and what is allowed.</exception>
    internal ParityOptions Checked() => new OptionsCheck()
        .That(Sizes.Count > 0 && Sizes.All(s => s is { Height: > 0, Width: > 0 }), string.Join(", ", Sizes), "one or more sizes, all positive", nameof(Sizes))
        .That(ConceptCounts.Count > 0 && ConceptCounts.All(k => k > 0), string.Join(", ", ConceptCounts), "one or more counts, all positive", nameof(ConceptCounts))
        .That(BatchSizes.Count > 0 && BatchSizes.All(n => n > 0), string.Join(", ", BatchSizes), "one or more sizes, all positive", nameof(BatchSizes))
        .Positive(MaxRegions).Positive(Bound).That(Threads >= 0, Threads, "0 or more").That(Gpu is null or >= 0, Gpu, "0 or more, or null")
        .ThrowIfAny(this);
}
