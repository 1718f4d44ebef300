namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class OnnxOps
{
    /// <summary>Added to the attention to what comes later: no number's exponential is left of it, and 16-bit floats have it.</summary>
    private const float Never = -10_000;

    public override OnnxValue CausalAttention(OnnxValue qkv, int heads) => Attention(qkv, heads, CausalMask(qkv.Shape[1].Known));

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

    /// <summary>[N, T, 3·C] → [N, T, C]; a bias of [1 or N, heads, T, T] or [T, T] is added to the scaled products.</summary>
    private OnnxValue Attention(OnnxValue qkv, int heads, string bias)
    {
        var (queries, keys, values, valueBias) = Thirds(qkv);
        var attended = _graph.Opset >= OnnxFile.OpsetWithAttention ? Fused(queries, keys, values, heads, bias) : InSteps(queries, keys, values, heads, bias);
        return valueBias is null ? attended : new OnnxBiased(Later(() => _graph.Node("Add", [attended.Name, valueBias])), attended, valueBias);
    }

    private OnnxValue Fused(OnnxValue queries, OnnxValue keys, OnnxValue values, int heads, string bias) => Node("Attention", queries.Shape,
        [queries.Name, keys.Name, values.Name, bias], OnnxAttribute.Int("q_num_heads", heads), OnnxAttribute.Int("kv_num_heads", heads));

    /// <summary>Products and a softmax, which ONNX Runtime runs on every device. See ADR 3 for why both ways are there.</summary>
    private OnnxValue InSteps(OnnxValue queries, OnnxValue keys, OnnxValue values, int heads, string bias)
    {
        var width = queries.Shape[2].Known / heads;
        var scaled = _graph.Node("Mul", [ByHead(queries, heads, 0, 2, 1, 3), _graph.Number(1 / Math.Sqrt(width))]);      // [N, heads, T, d]
        var scores = _graph.Node("MatMul", [scaled, ByHead(keys, heads, 0, 2, 3, 1)]);                                    // [N, heads, T, T]
        var weights = _graph.Node("Softmax", [_graph.Node("Add", [scores, bias])], OnnxAttribute.Int("axis", -1));
        var joined = _graph.Node("Transpose", [_graph.Node("MatMul", [weights, ByHead(values, heads, 0, 2, 1, 3)])], OnnxAttribute.Ints("perm", 0, 2, 1, 3)); // [N, T, heads, d]
        return Reshape(new(joined, [queries.Shape[0], queries.Shape[1], heads, width]), queries.Shape);
    }

    /// <summary>[T, T]: 0 where a token may look, at itself and those before it.</summary>
    private string CausalMask(long tokens)
    {
        var mask = Enumerable.Range(0, (int)tokens).SelectMany(from => Enumerable.Range(0, (int)tokens).Select(to => to > from ? Never : 0));
        return _graph.Store(OnnxTensor.Of($"constant/causal({tokens})", [tokens, tokens], [.. mask]));
    }

    /// <summary>[N, T, C] → [N, T, heads, d], its axes in another order.</summary>
    private string ByHead(OnnxValue x, int heads, params long[] order) =>
        _graph.Node("Transpose", [Reshape(x, x.Shape[0], x.Shape[1], heads, x.Shape[2].Known / heads).Name], OnnxAttribute.Ints("perm", order));
}
