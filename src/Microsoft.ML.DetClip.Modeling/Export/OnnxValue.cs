namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The size of an axis: a number where it is known when the graph is written, else something that the graph computes.</summary>
/// <remarks>Equal extents are equal sizes at run time; unequal ones may still turn out equal.</remarks>
/// <param name="Number">The size, or null.</param>
/// <param name="Symbol">For a size that is computed: what <see cref="OnnxSizes"/> knows it by.</param>
internal readonly record struct OnnxExtent(long? Number, string? Symbol)
{
    /// <summary>A known size.</summary>
    public static implicit operator OnnxExtent(long number) => new(number, null);

    /// <summary>The number, of an extent that must be known.</summary>
    /// <exception cref="InvalidOperationException">It is known only at run time.</exception>
    public long Known => Number ?? throw new InvalidOperationException(
        $"Size '{Symbol}' must be known when the graph is written; only batch, height, width and concept count may vary.");
}

/// <summary>A value of an ONNX graph: its name, and what is known of its shape.</summary>
internal sealed record OnnxValue(string Name, IReadOnlyList<OnnxExtent> Shape);
