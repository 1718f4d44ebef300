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
internal class OnnxValue
{
    private readonly Func<string>? _write;
    private string? _name;

    /// <summary>A value that is in the graph.</summary>
    public OnnxValue(string name, IReadOnlyList<OnnxExtent> shape) => (_name, Shape) = (name, shape);

    /// <summary>A value whose nodes are written when its name is first asked for.</summary>
    protected OnnxValue(Func<string> write, IReadOnlyList<OnnxExtent> shape) => (_write, Shape) = (write, shape);

    /// <summary>The value's name; asking for it writes what was pending.</summary>
    public string Name => _name ??= _write!();

    /// <summary>Sizes of its axes.</summary>
    public IReadOnlyList<OnnxExtent> Shape { get; }

    /// <summary>Whether nothing has been written yet, so that whoever needs the value may still write it in a cheaper way.</summary>
    public bool Pending => _name is null;
}

/// <summary>A value whose bias has not been added; the next linear layer takes it along for nothing: W·(x + b) = W·x + W·b.</summary>
/// <param name="write">Writes value and bias together.</param>
/// <param name="value">The value without its bias.</param>
/// <param name="bias">What is to be added over the last axis, [C].</param>
internal sealed class OnnxBiased(Func<string> write, OnnxValue value, string bias) : OnnxValue(write, value.Shape)
{
    /// <summary>The value without its bias.</summary>
    public OnnxValue Value { get; } = value;

    /// <summary>What is to be added, [C].</summary>
    public string Bias { get; } = bias;
}

/// <summary>A linear layer that has not been written: x·Wᵀ + b.</summary>
internal sealed class OnnxLinear(Func<string> write, IReadOnlyList<OnnxExtent> shape) : OnnxValue(write, shape)
{
    /// <summary>What the layer reads.</summary>
    public required OnnxValue Input { get; init; }

    /// <summary>[out, in].</summary>
    public required OnnxValue Weight { get; init; }

    /// <summary>[out].</summary>
    public required string Bias { get; init; }
}
