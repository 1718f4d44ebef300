using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Writes the network down as an ONNX graph: each word adds nodes. Batch, height, width and concept count stay open.</summary>
/// <remarks>
/// Weights are stored under their keys in the state dictionary and in its layout; what torch computes in training only (dropped paths) is left out,
/// and batch norms use their running statistics.
/// </remarks>
internal sealed partial class OnnxOps : Ops<OnnxValue>
{
    private readonly OnnxGraph _graph;
    private readonly OnnxSizes _sizes;
    private readonly Dictionary<IntPtr, string> _keys;
    private readonly Dictionary<nn.Module, string> _modules;

    /// <param name="graph">Where to write.</param>
    /// <param name="root">The module whose parts will be asked; keys count from it.</param>
    public OnnxOps(OnnxGraph graph, nn.Module root)
    {
        (_graph, _sizes) = (graph, new(graph));
        _keys = root.named_parameters().ToDictionary(p => p.parameter.Handle, p => p.name);
        _modules = root.named_modules().ToDictionary(m => m.module, m => m.name);
    }

    /// <summary>An input of the graph.</summary>
    /// <param name="name">The input's name.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="shape">Of each axis, its size, or a word for a size that is known only at run time.</param>
    public OnnxValue Input(string name, OnnxType type, params object[] shape)
    {
        _graph.AddInput(new(name, type, shape));
        return new(name, [.. shape.Select((size, axis) => size is string ? _sizes.OfAxis(name, axis) : Convert.ToInt64(size))]);
    }

    /// <summary>An output of the graph; shape as in <see cref="Input"/>.</summary>
    public void Output(string name, OnnxType type, OnnxValue value, params object[] shape) => _graph.AddOutput(new(name, type, shape), value.Name);

    public override PartScope<OnnxValue> Enter(string part) => new NameScope(_graph.Enter(part));

    public override OnnxValue Conv2d(OnnxValue x, Conv2d layer)
    {
        var shape = new OnnxExtent[] { x.Shape[0], layer.weight!.shape[0], Convolved(x.Shape[2], layer, 0), Convolved(x.Shape[3], layer, 1) };
        return Node("Conv", shape, [x.Name, .. WeightAndBias(layer, layer.weight, layer.bias)],
            OnnxAttribute.Ints("kernel_shape", layer.weight.shape[2..]), OnnxAttribute.Ints("strides", layer.stride), OnnxAttribute.Ints("dilations", layer.dilation),
            OnnxAttribute.Ints("pads", [.. layer.padding!, .. layer.padding!]), OnnxAttribute.Int("group", layer.groups));
    }

    public override OnnxValue DeformConv2d(OnnxValue x, OnnxValue offsetsAndMask, Parameter weight, Parameter bias)
    {
        var taps = weight.shape[2] * weight.shape[3];
        var parts = _graph.Node("Split", [offsetsAndMask.Name, _graph.Integers(2 * taps, taps)], results: 2, OnnxAttribute.Int("axis", 1));
        var mask = _graph.Node("Sigmoid", [parts[1]]);                                                  // [B, 9, H, W]
        return Node("DeformConv", [x.Shape[0], weight.shape[0], x.Shape[2], x.Shape[3]], [x.Name, Store(weight), parts[0], Store(bias), mask],
            OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("pads", 1, 1, 1, 1));
    }

    public override OnnxValue Normalize(OnnxValue x)
    {
        var length = _graph.Node("ReduceL2", [x.Name, _graph.Integers(-1)]);                            // [..., 1]
        return Node("Div", x.Shape, [x.Name, _graph.Node("Max", [length, _graph.Number(1e-12)])]);
    }

    public override OnnxValue LayerNorm(OnnxValue x, LayerNorm layer) => Node("LayerNormalization", x.Shape,
        [x.Name, .. WeightAndBias(layer, layer.weight!, layer.bias)], OnnxAttribute.Int("axis", -1), OnnxAttribute.Float("epsilon", layer.eps));

    /// <remarks>ONNX Runtime expands GroupNormalization into some ten passes over the map; an instance norm of whole groups takes one.</remarks>
    public override OnnxValue GroupNorm(OnnxValue x, GroupNorm layer)
    {
        var groups = (int)layer.num_groups;
        var ones = _graph.Store(OnnxTensor.Of($"constant/ones({groups})", [groups], [.. Enumerable.Repeat(1f, groups)]));
        var zeros = _graph.Store(OnnxTensor.Of($"constant/zeros({groups})", [groups], new float[groups]));
        var rows = Reshape(x, x.Shape[0], groups, _sizes.Multiply(_sizes.Multiply(x.Shape[2], x.Shape[3]), x.Shape[1].Known / groups)); // [B, G, C/G·H·W]
        var normed = Reshape(Node("InstanceNormalization", rows.Shape, [rows.Name, ones, zeros], OnnxAttribute.Float("epsilon", layer.eps)), x.Shape);
        string[] affine = [.. WeightAndBias(layer, layer.weight!, layer.bias).Select(weight => _graph.Node("Unsqueeze", [weight, _graph.Integers(1, 2)]))]; // [C, 1, 1]
        return Node("Add", x.Shape, [_graph.Node("Mul", [normed.Name, affine[0]]), affine[1]]);
    }

    public override OnnxValue BatchNorm(OnnxValue x, BatchNorm1d layer)
    {
        var rows = Reshape(x, _sizes.Multiply(x.Shape[0], x.Shape[1]), x.Shape[2]);                     // [B·L, D]
        string[] statistics = [Store(layer, "running_mean", layer.running_mean!), Store(layer, "running_var", layer.running_var!)];
        return Reshape(Node("BatchNormalization", rows.Shape,
            [rows.Name, .. WeightAndBias(layer, layer.weight!, layer.bias), .. statistics], OnnxAttribute.Float("epsilon", layer.eps)), x.Shape);
    }

    public override OnnxValue Gelu(OnnxValue x) => Node("Gelu", x.Shape, [x.Name]);

    public override OnnxValue QuickGelu(OnnxValue x) => Multiply(x, Sigmoid(Multiply(x, 1.702)));

    public override OnnxValue Relu(OnnxValue x) => Node("Relu", x.Shape, [x.Name]);

    public override OnnxValue Sigmoid(OnnxValue x) => Node("Sigmoid", x.Shape, [x.Name]);

    public override OnnxValue Sqrt(OnnxValue x) => Node("Sqrt", x.Shape, [x.Name]);

    public override OnnxValue Exp(OnnxValue x) => Node("Exp", x.Shape, [x.Name]);

    public override OnnxValue Clamp(OnnxValue x, double limit) => Node("Clip", x.Shape, [x.Name, _graph.Number(-limit), _graph.Number(limit)]);

    public override OnnxValue Add(OnnxValue a, OnnxValue b) => Node("Add", Broadcast(a, b), [a.Name, b.Name]);

    public override OnnxValue Multiply(OnnxValue a, OnnxValue b) => Node("Mul", Broadcast(a, b), [a.Name, b.Name]);

    public override OnnxValue Multiply(OnnxValue x, double factor) => Node("Mul", x.Shape, [x.Name, _graph.Number(factor)]);

    public override OnnxValue Add(OnnxValue x, double term) => Node("Add", x.Shape, [x.Name, _graph.Number(term)]);

    public override OnnxValue Weight(Parameter parameter) => new(Store(parameter), [.. parameter.shape.Select(size => (OnnxExtent)size)]);

    public override OnnxValue DropPath(OnnxValue x, double rate) => x;

    private OnnxExtent Convolved(OnnxExtent size, Conv2d layer, int axis)
    {
        var (kernel, stride) = (layer.weight!.shape[2 + axis], layer.stride[axis]);
        return _sizes.Divide(_sizes.Add(size, 2 * layer.padding![axis] - layer.dilation[axis] * (kernel - 1) - 1 + stride), stride);
    }

    private OnnxValue Node(string type, IReadOnlyList<OnnxExtent> shape, IReadOnlyList<string> inputs, params OnnxAttribute[] attributes) =>
        new(_graph.Node(type, inputs, attributes), shape);

    /// <summary>Stores a parameter under its key in the state dictionary.</summary>
    private string Store(Parameter weight) => _keys.TryGetValue(weight.Handle, out var key)
        ? _graph.Store(OnnxTensor.Of(key, weight))
        : throw new InvalidOperationException($"A weight of shape [{string.Join(", ", weight.shape)}] is no parameter of the network that is written.");

    /// <summary>Stores a tensor of a module. Asked twice, TorchSharp may give two objects for it, so that only the module can be looked up.</summary>
    private string Store(nn.Module module, string name, Tensor weight) => _modules.TryGetValue(module, out var key)
        ? _graph.Store(OnnxTensor.Of($"{key}.{name}", weight))
        : throw new InvalidOperationException($"A {module.GetName()} is no part of the network that is written.");

    private string[] WeightAndBias(nn.Module module, Tensor weight, Tensor? bias) =>
        bias is null ? [Store(module, "weight", weight)] : [Store(module, "weight", weight), Store(module, "bias", bias)];

    private static OnnxExtent[] Broadcast(OnnxValue a, OnnxValue b)
    {
        var (longer, shorter) = a.Shape.Count >= b.Shape.Count ? (a.Shape, b.Shape) : (b.Shape, a.Shape);
        var missing = longer.Count - shorter.Count;
        return [.. longer.Select((size, axis) => axis < missing || size.Number != 1 ? size : shorter[axis - missing])];
    }

    /// <summary>A part of the graph: nothing to free, only names to prefix.</summary>
    private sealed class NameScope(IDisposable part) : PartScope<OnnxValue>
    {
        public override OnnxValue Leave(OnnxValue result) => result;

        public override IReadOnlyList<OnnxValue> Leave(IReadOnlyList<OnnxValue> results) => results;

        public override void Dispose() => part.Dispose();
    }
}
