namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Copies a graph and writes some of its products in 8-bit integers.</summary>
/// <param name="graph">The graph that is written.</param>
/// <param name="weights">Weights and biases of the products, by name.</param>
/// <param name="ranges">Ranges of the values that become integers.</param>
internal sealed class QuantizedWriter(
    OnnxGraph graph, IReadOnlyDictionary<string, (long[] Shape, float[] Values)>? weights, IReadOnlyDictionary<string, (float Low, float High)> ranges)
{
    private readonly Dictionary<string, (string Name, float Scale)> _dequantized = [];

    /// <summary>Copies all nodes of a graph, some of them quantized.</summary>
    /// <param name="source">The graph in floats.</param>
    /// <param name="quantized">Tells of a node's name whether its product is to be one of integers.</param>
    public OnnxGraph Write(OnnxGraph source, Func<string, bool> quantized)
    {
        foreach (var input in source.Inputs) graph.AddInput(input);
        foreach (var tensor in source.Initializers) graph.Store(tensor);
        foreach (var node in source.Nodes)
            if (quantized(node.Name)) WriteProduct(node); else graph.Append(node);
        foreach (var output in source.Outputs) graph.AppendOutput(output);
        return OnnxPruning.WithoutUnused(graph);
    }

    private void WriteProduct(OnnxNode node)
    {
        var (x, scale) = Dequantized(node.Inputs[0]);
        var (weight, weightScales) = Weight(node);
        string[] bias = node.Inputs.Count > 2 ? [Bias(node, scale, weightScales)] : [];
        if (node.Type != "Conv")
        {
            graph.Append(node with { Inputs = [x, weight, .. bias] });
            return;
        }
        var result = $"{node.Outputs[0]}/exact";
        graph.Append(node with { Inputs = [x, weight, .. bias], Outputs = [result] });
        Round(result, node.Outputs[0], node.Outputs[0]);
    }

    /// <summary>A value rounded to 8 bits, once for all its readers.</summary>
    private (string Name, float Scale) Dequantized(string value)
    {
        if (_dequantized.TryGetValue(value, out var known)) return known;
        return Round(value, $"{value}/rounded", value);
    }

    /// <summary>Integers of a value and back.</summary>
    /// <param name="from">The value.</param>
    /// <param name="to">Name of the result.</param>
    /// <param name="range">Name of the value whose range it has.</param>
    private (string Name, float Scale) Round(string from, string to, string range)
    {
        var (low, high) = (Math.Min(ranges[range].Low, 0), Math.Max(ranges[range].High, 1e-8f));
        var scale = (high - low) / 255;
        var zero = (byte)Math.Clamp(MathF.Round(-low / scale), 0, 255);
        string[] parameters = [graph.Store(OnnxTensor.Of($"{range}/scale", [], scale)), graph.Store(OnnxTensor.Of($"{range}/zero", OnnxType.UInt8, [], new[] { zero }))];
        graph.Append(new($"{from}/QuantizeLinear", "QuantizeLinear", [from, .. parameters], [$"{from}/integers"], []));
        graph.Append(new($"{from}/DequantizeLinear", "DequantizeLinear", [$"{from}/integers", .. parameters], [to], []));
        return _dequantized[range] = (to, scale);
    }

    /// <summary>Weights as integers, a scale for each output channel: the first axis, but the last of a MatMul.</summary>
    private (string Name, float[] Scales) Weight(OnnxNode node)
    {
        var (shape, values) = weights![node.Inputs[1]];
        var last = node.Type == "MatMul" || (node.Type == "Gemm" && !node.Attributes.Any(a => a.Name == "transB"));
        var channels = (int)(last ? shape[^1] : shape[0]);
        int Channel(int i) => last ? i % channels : i / (values.Length / channels);
        var largest = new float[channels];
        for (var i = 0; i < values.Length; i++) largest[Channel(i)] = Math.Max(largest[Channel(i)], Math.Abs(values[i]));
        float[] scales = [.. largest.Select(l => Math.Max(l, 1e-12f) / 127)];
        var integers = new sbyte[values.Length];
        for (var i = 0; i < values.Length; i++) integers[i] = (sbyte)Math.Clamp(MathF.Round(values[i] / scales[Channel(i)]), -127, 127);
        var name = node.Inputs[1];
        return (Stored(name, OnnxType.Int8, shape, integers, scales, axis: last ? shape.Length - 1 : 0), scales);
    }

    /// <summary>A bias as 32-bit integers on the scale of the products.</summary>
    private string Bias(OnnxNode node, float scale, float[] weightScales)
    {
        var (shape, values) = weights![node.Inputs[2]];
        float[] scales = [.. weightScales.Select(s => s * scale)];
        int[] integers = [.. values.Select((value, i) => (int)Math.Clamp(Math.Round((double)value / scales[i]), int.MinValue, int.MaxValue))];
        return Stored($"{node.Inputs[2]} for {node.Inputs[0]}", OnnxType.Int32, shape, integers, scales, axis: 0);
    }

    private string Stored<T>(string name, OnnxType type, IReadOnlyList<long> shape, T[] integers, float[] scales, int axis)
        where T : unmanaged
    {
        var result = $"{name}/dequantized";
        if (!_dequantized.TryAdd(result, (result, 0))) return result;
        var stored = graph.Store(OnnxTensor.Of($"{name}/integers", type, shape, integers));
        var scale = graph.Store(OnnxTensor.Of($"{name}/scales", [scales.Length], scales));
        graph.Append(new($"{name}/DequantizeLinear", "DequantizeLinear", [stored, scale], [result], [OnnxAttribute.Int("axis", axis)]));
        return result;
    }
}
