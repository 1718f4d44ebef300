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

    /// <summary>[N, T, 3·C] → [N, T, C]; a bias of [1 or N, heads, T, T] is added to the scaled products.</summary>
    private OnnxValue Attention(OnnxValue qkv, int heads, string? bias, params OnnxAttribute[] attributes)
    {
        var (queries, keys, values, valueBias) = Thirds(qkv);
        string[] inputs = [queries.Name, keys.Name, values.Name, .. bias is null ? Array.Empty<string>() : [bias]];
        var attended = Node("Attention", queries.Shape, inputs, [OnnxAttribute.Int("q_num_heads", heads), OnnxAttribute.Int("kv_num_heads", heads), .. attributes]);
        return valueBias is null ? attended : new OnnxBiased(Later(() => _graph.Node("Add", [attended.Name, valueBias])), attended, valueBias);
    }
}
