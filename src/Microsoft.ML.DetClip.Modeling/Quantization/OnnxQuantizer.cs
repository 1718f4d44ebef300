namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A node whose product can be computed in 8-bit integers.</summary>
/// <param name="Node">A convolution or a linear layer with known weights.</param>
/// <param name="Layer">Name of the weights' layer; nodes that share weights are one layer.</param>
internal sealed record QuantizableNode(OnnxNode Node, string Layer);

/// <summary>Writes a graph anew with products of 8-bit integers: a QuantizeLinear and a DequantizeLinear around each, which ONNX Runtime makes one kernel of.</summary>
/// <remarks>
/// Activations are 0 to 255 with a zero point, one scale for a value; weights −127 to 127, a scale for each output channel. Linear layers give floats; convolutions
/// give integers again, for which their result's range must be known too.
/// </remarks>
internal sealed class OnnxQuantizer
{
    private readonly OnnxGraph _graph;
    private readonly OnnxConstants _constants;

    public OnnxQuantizer(OnnxGraph graph)
    {
        (_graph, _constants) = (graph, new(graph));
        Nodes = [.. graph.Nodes.Where(IsProduct).Select(n => new QuantizableNode(n, LayerOf(n.Inputs[1])))];
    }

    /// <summary>All nodes that can be quantized.</summary>
    public IReadOnlyList<QuantizableNode> Nodes { get; }

    /// <summary>Values whose ranges must be known to quantize these nodes.</summary>
    public static IReadOnlyList<string> ValuesOf(IEnumerable<QuantizableNode> nodes) =>
        [.. nodes.SelectMany(n => n.Node.Type == "Conv" ? (string[])[n.Node.Inputs[0], n.Node.Outputs[0]] : [n.Node.Inputs[0]]).Distinct()];

    /// <summary>The graph with the nodes of some layers quantized.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="ranges">Ranges of <see cref="ValuesOf"/>.</param>
    public OnnxGraph Quantize(IReadOnlySet<string> layers, IReadOnlyDictionary<string, (float Low, float High)> ranges)
    {
        var chosen = Nodes.Where(n => layers.Contains(n.Layer)).ToDictionary(n => n.Node.Name, n => n.Node);
        string[] weights = [.. chosen.Values.SelectMany(node => node.Inputs.Skip(1)).Distinct()];
        var writer = new QuantizedWriter(_graph.Emptied(), weights.Length == 0 ? null : _constants.Compute(weights), ranges);
        return writer.Write(_graph, chosen.ContainsKey);
    }

    private bool IsProduct(OnnxNode node) => !_constants.Contains(node.Outputs[0]) && node.Inputs.Skip(1).All(_constants.Contains) && node switch
    {
        { Type: "Conv" or "MatMul" } => true,
        { Type: "Gemm" } => node.Inputs.Count == 3 && node.Attributes.Any(a => a.Name == "transB"), // a linear layer
        _ => false,
    };

    /// <summary>The layer that a weight belongs to: its stored tensor's name, through whatever it was transposed or split by.</summary>
    private string LayerOf(string weight)
    {
        while (_graph.Nodes.FirstOrDefault(n => n.Outputs.Contains(weight)) is { } node) weight = node.Inputs[0];
        return weight.EndsWith(".weight", StringComparison.Ordinal) ? weight[..^".weight".Length] : weight;
    }
}
