namespace Microsoft.ML.DetClip.Modeling;

/// <summary>On what inputs an exported detector is compared with the network it came from. Every size meets every batch and every concept count.</summary>
public sealed record ParityOptions
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

    /// <summary>Throws when a setting makes no sense, naming every such setting, its value and what is allowed.</summary>
    /// <exception cref="ArgumentException">At least one setting is out of its range.</exception>
    internal ParityOptions Checked()
    {
        var all = string.Join("; ", Errors());
        return all.Length == 0 ? this : throw new ArgumentException($"Parity cannot be measured like this: {all}.");
    }

    private IEnumerable<string> Errors()
    {
        if (Sizes.Count == 0 || Sizes.Any(s => s.Height < 1 || s.Width < 1)) yield return $"Sizes is [{string.Join(", ", Sizes)}]; at least one is needed, and all must be positive";
        if (ConceptCounts.Count == 0 || ConceptCounts.Any(k => k < 1)) yield return $"ConceptCounts is [{string.Join(", ", ConceptCounts)}]; at least one is needed, and all must be positive";
        if (BatchSizes.Count == 0 || BatchSizes.Any(n => n < 1)) yield return $"BatchSizes is [{string.Join(", ", BatchSizes)}]; at least one is needed, and all must be positive";
        if (MaxRegions < 1) yield return $"MaxRegions is {MaxRegions}; it must be positive";
        if (!(Bound > 0)) yield return $"Bound is {Bound}; it must be positive";
        if (Threads < 0) yield return $"Threads is {Threads}; it must be 0 or more";
    }
}
