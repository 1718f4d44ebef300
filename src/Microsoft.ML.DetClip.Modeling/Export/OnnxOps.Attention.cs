namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class OnnxOps
{
    public override OnnxValue CausalAttention(OnnxValue qkv, int heads) => Attention(qkv, heads, bias: null, OnnxAttribute.Int("is_causal", 1));

    public override OnnxValue PoolText(OnnxValue x, OnnxValue tokens, TextPooling pooling)
    {
        var end = _graph.Node("ArgMax", [tokens.Name], OnnxAttribute.Int("axis", 1));                   // [K, 1]
        OnnxExtent[] shape = [x.Shape[0], x.Shape[2]];
        if (pooling == TextPooling.EndMark) return Node("GatherND", shape, [x.Name, end], OnnxAttribute.Int("batch_dims", 1));
        var within = _graph.Node("LessOrEqual", [_sizes.Range(x.Shape[1]), end]);                       // [K, T]
        var weight = _graph.Node("Cast", [within], OnnxAttribute.Int("to", (long)OnnxType.Float));
        var kept = _graph.Node("Mul", [x.Name, _graph.Node("Unsqueeze", [weight, _graph.Integers(-1)])]); // [K, T, C]
        var sum = _graph.Node("ReduceSum", [kept, _graph.Integers(1)], OnnxAttribute.Int("keepdims", 0)); // [K, C]
        return Node("Div", shape, [sum, _graph.Node("ReduceSum", [weight, _graph.Integers(1)])]);
    }

    /// <summary>[N, T, 3·C] → [N, T, C]; a bias of [1, heads, T, T] is added to the scaled products. The packed form is the fastest that was measured.</summary>
    private OnnxValue Attention(OnnxValue qkv, int heads, string? bias, params OnnxAttribute[] attributes)
    {
        var width = qkv.Shape[2].Known / 3;
        var parts = _graph.Node("Split", [qkv.Name, _graph.Integers(width, width, width)], results: 3, OnnxAttribute.Int("axis", 2)); // each [N, T, C]
        return Node("Attention", [qkv.Shape[0], qkv.Shape[1], width], bias is null ? parts : [.. parts, bias],
            [OnnxAttribute.Int("q_num_heads", heads), OnnxAttribute.Int("kv_num_heads", heads), .. attributes]);
    }
}
