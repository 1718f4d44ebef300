using TorchSharp.Modules;

namespace Microsoft.ML.DetClip.Modeling;

internal sealed partial class OnnxOps
{
    public override OnnxValue Linear(OnnxValue x, Parameter weight, Parameter? bias) => Linear(x, Weight(weight), bias is null ? null : Store(bias));

    public override OnnxValue Project(OnnxValue x, Parameter matrix) => Product(x, Weight(matrix), transposed: false);

    /// <summary>A linear layer whose weights may be computed from others, which ONNX Runtime does on loading.</summary>
    private OnnxValue Linear(OnnxValue x, OnnxValue weight, string? bias)
    {
        if (x is OnnxBiased { Pending: true } biased)
        {
            var moved = _graph.Node("MatMul", [weight.Name, biased.Bias]);
            return Linear(biased.Value, weight, bias is null ? moved : _graph.Node("Add", [moved, bias]));
        }
        if (bias is null) return Product(x, weight, transposed: true);
        return new OnnxLinear(Later(() => Gemm(x, weight, bias).Name), [.. x.Shape.SkipLast(1), weight.Shape[0]]) { Input = x, Weight = weight, Bias = bias };
    }

    /// <summary>Queries, keys and values of a joint linear layer, and the bias of the values, which their reader adds.</summary>
    /// <remarks>
    /// Three products read the same rows faster than one product's result is split. A bias costs a pass over the result: that of the keys adds the same to all
    /// weights of a query, which a softmax does not see, and that of the values comes out of the attention as it went in, because the weights of a query sum to 1.
    /// </remarks>
    private (OnnxValue Queries, OnnxValue Keys, OnnxValue Values, string? Bias) Thirds(OnnxValue joint)
    {
        OnnxExtent[] shape = [.. joint.Shape.SkipLast(1), joint.Shape[^1].Known / 3];
        if (joint is not OnnxLinear { Pending: true } linear)
        {
            var parts = Third(joint.Name, axis: -1);
            return (new(parts[0], shape), new(parts[1], shape), new(parts[2], shape), null);
        }
        OnnxExtent[] part = [linear.Weight.Shape[0].Known / 3, linear.Weight.Shape[1]];
        OnnxValue[] weights = [.. Third(linear.Weight.Name, axis: 0).Select(name => new OnnxValue(name, part))];
        var biases = Third(linear.Bias, axis: 0);
        return (Gemm(linear.Input, weights[0], biases[0]), Product(linear.Input, weights[1], transposed: true), Product(linear.Input, weights[2], transposed: true), biases[2]);
    }

    private IReadOnlyList<string> Third(string joint, int axis) =>
        _graph.Node("Split", [joint], 3, OnnxAttribute.Int("axis", axis), OnnxAttribute.Int("num_outputs", 3));

    /// <summary>x·W or x·Wᵀ over the last axis.</summary>
    private OnnxValue Product(OnnxValue x, OnnxValue matrix, bool transposed) => Node("MatMul", [.. x.Shape.SkipLast(1), matrix.Shape[transposed ? 0 : 1]],
        [x.Name, transposed ? _graph.Node("Transpose", [matrix.Name], OnnxAttribute.Ints("perm", 1, 0)) : matrix.Name]);

    /// <summary>x·Wᵀ + b over the last axis.</summary>
    private OnnxValue Gemm(OnnxValue x, OnnxValue weight, string bias)
    {
        var rows = Reshape(x, x.Shape.SkipLast(1).Aggregate(_sizes.Multiply), x.Shape[^1]);                  // [N, in]
        var result = Node("Gemm", [rows.Shape[0], weight.Shape[0]], [rows.Name, weight.Name, bias], OnnxAttribute.Int("transB", 1));
        return Reshape(result, [.. x.Shape.SkipLast(1), weight.Shape[0]]);
    }

    /// <summary>What writes nodes later, under the names of the part that is being written now.</summary>
    private Func<string> Later(Func<string> write)
    {
        var part = _graph.CurrentPart;
        return () =>
        {
            using var _ = _graph.Return(part);
            return write();
        };
    }
}
