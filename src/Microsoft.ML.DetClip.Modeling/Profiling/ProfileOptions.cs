namespace Microsoft.ML.DetClip.Modeling;

/// <summary>On what a graph is profiled.</summary>
internal sealed record ProfileOptions
{
    /// <summary>Height of the images, in pixels.</summary>
    public int Height { get; init; } = 800;

    /// <summary>Width of the images, in pixels.</summary>
    public int Width { get; init; } = 1333;

    /// <summary>N: images at once.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>K: names looked for; a frozen graph has its own.</summary>
    public int Concepts { get; init; } = 80;

    /// <summary>Threads of one operator; 0 for as many as there are cores.</summary>
    public int Threads { get; init; }

    /// <summary>Runs, of which the faster half counts; one more goes ahead.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>CUDA device that runs the graph; null for the CPU.</summary>
    public int? Gpu { get; init; }

    /// <exception cref="ArgumentException">Names every bad setting, its value and what is allowed.</exception>
    internal ProfileOptions Checked() => new OptionsCheck()
        .Positive(Height).Positive(Width).Positive(Batch).Positive(Concepts).AtLeast(0, Threads).Positive(Runs).That(Gpu is null or >= 0, Gpu, "0 or more, or null")
        .ThrowIfAny(this);
}
