using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Counts what the network costs: each word says the shape of its result and adds to the part it is in. Nothing is computed.</summary>
/// <remarks>See <see cref="NetworkCost"/> for what counts.</remarks>
internal sealed partial class CostOps : Ops<Shape>
{
    private readonly HashSet<IntPtr> _seen = [];
    private readonly ResultTape _tape = new();
    private CostNode _current = new("network", null);

    /// <summary>What was counted so far.</summary>
    public NetworkCost Cost => _current.ToCost();

    /// <summary>The most elements of results that are needed at the same time, when each is forgotten after its last use.</summary>
    public long PeakElements => _tape.Peak();

    public override PartScope<Shape> Enter(string part)
    {
        _current = _current.Child(part);
        return new CostScope(this);
    }

    public override Shape Linear(Shape x, Parameter weight, Parameter? bias) => Made(Product(x.With(^1, weight.shape[0]), x[^1], weight, bias), x);

    public override Shape Project(Shape x, Parameter matrix) => Made(Product(x.With(^1, matrix.shape[1]), x[^1], matrix), x);

    public override Shape Conv2d(Shape x, Conv2d layer)
    {
        var kernel = layer.weight!.shape; // [C', C / groups, kh, kw]
        long Out(int axis) => (x[axis + 2] + 2 * layer.padding![axis] - layer.dilation[axis] * (kernel[axis + 2] - 1) - 1) / layer.stride[axis] + 1;
        return Made(Product(new(x[0], kernel[0], Out(0), Out(1)), kernel[1] * kernel[2] * kernel[3], layer.weight, layer.bias), x);
    }

    public override Shape DeformConv2d(Shape x, Shape offsetsAndMask, Parameter weight, Parameter bias)
    {
        var kernel = weight.shape;
        var terms = kernel[1] * kernel[2] * kernel[3];
        var sampled = terms * x[2] * x[3] + offsetsAndMask.Count; // one image's samples, which become a product's columns; offsets and mask apart
        return _tape.Make(Product(x.With(1, kernel[0]), terms, weight, bias), sampled, x, offsetsAndMask);
    }

    public override Shape WindowAttention(Shape qkv, Windows<Shape> windows, int heads, Parameter biasTable)
    {
        Parameters(biasTable);
        return Attention(qkv, heads, masked: windows.Grid.Shift > 0);
    }

    public override Shape CausalAttention(Shape qkv, int heads) => Attention(qkv, heads, masked: false);

    public override Shape Similarities(Shape regions, Shape concepts) => Made(Product(regions.With(^1, concepts[0]), regions[^1]), regions, concepts);

    public override Shape LayerNorm(Shape x, LayerNorm layer) => Parameters(layer.weight, layer.bias, Made(x, x));

    public override Shape GroupNorm(Shape x, GroupNorm layer) => Parameters(layer.weight, layer.bias, Made(x, x));

    public override Shape BatchNorm(Shape x, BatchNorm1d layer) => Parameters(layer.weight, layer.bias, Made(x, x));

    public override Shape Weight(Parameter parameter)
    {
        Parameters(parameter);
        return new(parameter.shape);
    }

    public override Shape Embed(Shape tokens, Embedding table)
    {
        Parameters(table.weight);
        return Made(new([.. tokens.Sizes, table.weight!.shape[1]]), tokens);
    }

    /// <summary>Queries times keys, and their weights times values: [B, T, 3·C] → [B, T, C].</summary>
    private Shape Attention(Shape qkv, int heads, bool masked)
    {
        var (batch, tokens, channels) = (qkv[0], qkv[1], qkv[2] / 3);
        var weights = Product(new(batch, heads, tokens, tokens), channels / heads);
        return _tape.Make(Product(new(batch, tokens, channels), tokens), passing: masked ? 2 * weights.Count : weights.Count, qkv);
    }

    /// <summary>Writes down that a result takes memory of its own from now on, and that operands are needed until now.</summary>
    private Shape Made(Shape result, params ReadOnlySpan<Shape> operands) => _tape.Make(result, passing: 0, operands);

    /// <summary>Counts an operation each of whose results is a sum of so many products.</summary>
    private Shape Product(Shape result, long terms, params ReadOnlySpan<Parameter?> parameters)
    {
        Parameters(parameters);
        _current.MultiplyAdds += result.Count * terms;
        _current.Activations += result.Count;
        return result;
    }

    private Shape Parameters(Parameter? weight, Parameter? bias, Shape result)
    {
        Parameters(weight, bias);
        return result;
    }

    /// <summary>Counts each parameter where it is first used.</summary>
    private void Parameters(params ReadOnlySpan<Parameter?> parameters)
    {
        foreach (var parameter in parameters)
            if (parameter is not null && _seen.Add(parameter.Handle)) _current.Parameters += parameter.numel();
    }

    /// <summary>A part while it is being counted; parts of one name within a part are one.</summary>
    private sealed class CostNode(string name, CostNode? parent)
    {
        private readonly List<CostNode> _children = [];

        public CostNode? Parent => parent;

        public long Parameters { get; set; }

        public long MultiplyAdds { get; set; }

        public long Activations { get; set; }

        public CostNode Child(string childName)
        {
            var child = _children.FirstOrDefault(c => c.Name == childName);
            if (child is null) _children.Add(child = new(childName, this));
            return child;
        }

        public NetworkCost ToCost()
        {
            var parts = _children.Select(c => c.ToCost()).ToArray();
            return new(name, Parameters + parts.Sum(p => p.Parameters), MultiplyAdds + parts.Sum(p => p.MultiplyAdds), Activations + parts.Sum(p => p.Activations), parts);
        }

        private string Name => name;
    }

    private sealed class CostScope(CostOps ops) : PartScope<Shape>
    {
        public override Shape Leave(Shape result) => result;

        public override IReadOnlyList<Shape> Leave(IReadOnlyList<Shape> results) => results;

        public override void Dispose() => ops._current = ops._current.Parent!;
    }
}
