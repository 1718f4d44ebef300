namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Arithmetic on sizes: done here where both are numbers, else by nodes of the graph, once for each distinct question.</summary>
/// <remarks>A computed size is an int64 [1], so that sizes join into shapes.</remarks>
internal sealed class OnnxSizes(OnnxGraph graph)
{
    private const string Path = "sizes";

    private readonly Dictionary<string, Lazy<string>> _names = [];

    /// <summary>The size of a value's axis, which nothing is known of.</summary>
    public OnnxExtent OfAxis(string value, int axis) =>
        Computed($"{value}.{axis}", () => graph.Node("Shape", [value], OnnxAttribute.Int("start", axis), OnnxAttribute.Int("end", axis + 1)));

    /// <summary>a + b</summary>
    public OnnxExtent Add(OnnxExtent a, OnnxExtent b) =>
        a.Number == 0 ? b : b.Number == 0 ? a : Apply("Add", a, b, (x, y) => x + y);

    /// <summary>a − b</summary>
    public OnnxExtent Subtract(OnnxExtent a, OnnxExtent b) => b.Number == 0 ? a : a == b ? 0 : Apply("Sub", a, b, (x, y) => x - y);

    /// <summary>a · b</summary>
    public OnnxExtent Multiply(OnnxExtent a, OnnxExtent b) =>
        a.Number == 1 ? b : b.Number == 1 ? a : Apply("Mul", a, b, (x, y) => x * y);

    /// <summary>⌊a / b⌋, of sizes that are not negative.</summary>
    public OnnxExtent Divide(OnnxExtent a, long b) => b == 1 ? a : Apply("Div", a, b, (x, y) => x / y);

    /// <summary>The least multiple of a number that is no less than a.</summary>
    public OnnxExtent RoundUp(OnnxExtent a, long multiple) => Multiply(Divide(Add(a, multiple - 1), multiple), multiple);

    /// <summary>The smaller of a and b.</summary>
    public OnnxExtent Min(OnnxExtent a, OnnxExtent b) => Apply("Min", a, b, Math.Min);

    /// <summary>A size that some nodes compute; equal keys are the same size, whose nodes are written at its first use.</summary>
    public OnnxExtent Computed(string key, Func<string> write)
    {
        _names.TryAdd(key, new(() => InRoot(write)));
        return new(null, key);
    }

    /// <summary>A value that depends on nothing but sizes; equal keys are the same value, whose nodes are written at its first use.</summary>
    public string Shared(string key, Func<string> write)
    {
        if (!_names.TryGetValue(key, out var name)) _names[key] = name = new(() => InRoot(write));
        return name.Value;
    }

    /// <summary>The size as an int64 [1] of the graph.</summary>
    public string Name(OnnxExtent size) => size.Number is { } number ? graph.Integers(number) : _names[size.Symbol!].Value;

    /// <summary>The size as an int64 without axes.</summary>
    public string Scalar(OnnxExtent size) =>
        size.Number is { } number ? graph.Integer(number) : Shared($"scalar {size.Symbol}", () => graph.Node("Squeeze", [Name(size)]));

    /// <summary>Sizes side by side: int64 [n].</summary>
    public string List(params IReadOnlyList<OnnxExtent> sizes) => sizes.All(s => s.Number is not null)
        ? graph.Integers([.. sizes.Select(s => s.Known)])
        : Shared($"[{string.Join(", ", sizes.Select(Text))}]", () => graph.Node("Concat", [.. sizes.Select(Name)], OnnxAttribute.Int("axis", 0)));

    /// <summary>0, 1, …, n − 1 as int64 [n].</summary>
    public string Range(OnnxExtent n) => Shared($"range {Text(n)}", () => graph.Node("Range", [graph.Integer(0), Scalar(n), graph.Integer(1)]));

    /// <summary>An extent as a part of keys.</summary>
    public static string Text(OnnxExtent size) => size.Symbol ?? size.Known.ToString();

    private OnnxExtent Apply(string type, OnnxExtent a, OnnxExtent b, Func<long, long, long> numbers) => a.Number is { } x && b.Number is { } y
        ? numbers(x, y)
        : Computed($"{type}({Text(a)}, {Text(b)})", () => graph.Node(type, [Name(a), Name(b)]));

    private string InRoot(Func<string> write)
    {
        using var _ = graph.EnterRoot(Path);
        return write();
    }
}
