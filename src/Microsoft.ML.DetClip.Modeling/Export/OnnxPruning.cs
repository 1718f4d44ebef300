namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Leaves out what no output needs.</summary>
internal static class OnnxPruning
{
    /// <summary>The graph without nodes and stored tensors that nobody reads.</summary>
    public static OnnxGraph WithoutUnused(OnnxGraph graph)
    {
        var needed = graph.Outputs.Select(o => o.Name).ToHashSet();
        var kept = new List<OnnxNode>();
        foreach (var node in graph.Nodes.Reverse())
        {
            if (!node.Outputs.Any(needed.Contains)) continue;
            needed.UnionWith(node.Inputs);
            kept.Add(node);
        }
        var result = graph.Emptied();
        foreach (var input in graph.Inputs) result.AddInput(input);
        foreach (var tensor in graph.Initializers.Where(t => needed.Contains(t.Name))) result.Store(tensor);
        foreach (var node in Enumerable.Reverse(kept)) result.Append(node);
        foreach (var output in graph.Outputs) result.AppendOutput(output);
        return result;
    }
}
