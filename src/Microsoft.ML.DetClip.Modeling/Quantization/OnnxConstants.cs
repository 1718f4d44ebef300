using Microsoft.ML.OnnxRuntime;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Values of a graph that depend on its weights alone, such as transposed or joined weights: what ONNX Runtime would compute on loading.</summary>
internal sealed class OnnxConstants
{
    private readonly OnnxGraph _graph;
    private readonly HashSet<string> _known;

    public OnnxConstants(OnnxGraph graph)
    {
        _graph = graph;
        _known = [.. graph.Initializers.Select(t => t.Name).Except(graph.Inputs.Select(i => i.Name))];
        foreach (var node in graph.Nodes)
            if (node.Inputs.Count > 0 && node.Inputs.All(input => input.Length == 0 || _known.Contains(input))) _known.UnionWith(node.Outputs);
    }

    /// <summary>Whether a value is known without running the graph.</summary>
    public bool Contains(string value) => _known.Contains(value);

    /// <summary>Shapes and elements of float values, in the order asked for.</summary>
    public IReadOnlyDictionary<string, (long[] Shape, float[] Values)> Compute(IReadOnlyCollection<string> values)
    {
        var graph = new OnnxGraph("constants");
        foreach (var tensor in _graph.Initializers.Where(t => _known.Contains(t.Name))) graph.Store(tensor);
        foreach (var node in _graph.Nodes.Where(n => n.Outputs.All(_known.Contains))) graph.Append(node);
        foreach (var value in values) graph.AddOutput(new($"{value}/value", OnnxType.Float, null), value);
        using var session = GraphProfiler.Open(OnnxFile.ToBytes(graph), threads: 0);
        using var options = new RunOptions();
        using var results = session.Run(options, [], [], [.. values.Select(value => $"{value}/value")]);
        return values.Zip(results).ToDictionary(r => r.First, r => (r.Second.GetTensorTypeAndShape().Shape, r.Second.GetTensorDataAsSpan<float>().ToArray()));
    }
}
