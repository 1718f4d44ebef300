using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Stores a graph's weights as 16-bit floats. ONNX Runtime turns them back on loading and computes in 32 bits, so that only their rounding is seen.</summary>
internal static class HalfGraph
{
    /// <summary>Smaller tensors stay as they are.</summary>
    private const int FromElements = 1024;

    /// <summary>The graph with large float tensors stored in 16 bits. Numbers beyond what 16 bits hold become the largest that they hold.</summary>
    public static OnnxGraph Of(OnnxGraph graph)
    {
        var half = graph.Emptied();
        foreach (var input in graph.Inputs) half.AddInput(input);
        var large = graph.Initializers.Where(t => t.Type == OnnxType.Float && t.Length >= FromElements * sizeof(float)).ToDictionary(t => t.Name);
        foreach (var tensor in graph.Initializers)
            if (large.ContainsKey(tensor.Name)) Store(half, tensor); else half.Store(tensor);
        string Renamed(string input) => large.ContainsKey(input) ? $"{input}/32" : input;
        foreach (var node in graph.Nodes) half.Append(node with { Inputs = [.. node.Inputs.Select(Renamed)] });
        foreach (var output in graph.Outputs) half.AppendOutput(output);
        return half;
    }

    private static void Store(OnnxGraph graph, OnnxTensor tensor)
    {
        var stored = graph.Store(new OnnxTensor($"{tensor.Name}/16", OnnxType.Float16, tensor.Shape, stream => stream.Write(MemoryMarshal.AsBytes<Half>(Rounded(tensor)))));
        graph.Append(new($"{tensor.Name}/Cast", "Cast", [stored], [$"{tensor.Name}/32"], [OnnxAttribute.Int("to", (long)OnnxType.Float)]));
    }

    private static Half[] Rounded(OnnxTensor tensor)
    {
        using var bytes = new MemoryStream();
        tensor.Write(bytes);
        var values = MemoryMarshal.Cast<byte, float>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        var rounded = new Half[values.Length];
        for (var i = 0; i < values.Length; i++) rounded[i] = (Half)Math.Clamp(values[i], (float)Half.MinValue, (float)Half.MaxValue);
        return rounded;
    }
}
