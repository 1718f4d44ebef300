namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Counts the operations of a node from the shapes that it ran on: what <see cref="NodeTime.Operations"/> says.</summary>
internal static class NodeOperations
{
    /// <summary>Products and sums; 0 for operators that multiply no matrices.</summary>
    /// <param name="kind">The operator.</param>
    /// <param name="inputs">Shapes of its inputs. ONNX Runtime leaves out weights that it has packed.</param>
    /// <param name="outputs">Shapes of its results.</param>
    public static double Count(string kind, IReadOnlyList<long[]> inputs, IReadOnlyList<long[]> outputs)
    {
        if (inputs.Count == 0 || outputs.Count == 0) return 0;
        return kind switch
        {
            "Conv" or "FusedConv" or "NhwcFusedConv" or "QLinearConv" or "ConvInteger" or "DeformConv" => Convolution(inputs, outputs[0]),
            "Gemm" or "FusedGemm" or "MatMul" or "FusedMatMul" or "QGemm" or "QLinearMatMul" or "MatMulInteger" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" =>
                2 * Elements(outputs[0]) * Inner(inputs, outputs[0]),
            "Attention" or "MultiHeadAttention" => Attention(inputs),
            _ => 0,
        };
    }

    private static double Elements(IEnumerable<long> shape) => shape.Aggregate(1.0, (product, size) => product * size);

    /// <summary>The weight [C', C / groups, h, w] is the first tensor of four axes after the map.</summary>
    private static double Convolution(IReadOnlyList<long[]> inputs, long[] output) =>
        inputs.Skip(1).FirstOrDefault(shape => shape.Length == 4) is { } weight ? 2 * Elements(output) * Elements(weight.Skip(1)) : 0;

    /// <summary>The length k of [..., m, k] · [..., k, n], whichever of the two is transposed: from |A|·|B| / |AB| = k², times the products of a batch.</summary>
    private static double Inner(IReadOnlyList<long[]> inputs, long[] output)
    {
        var a = inputs[0];
        if (inputs.Skip(1).FirstOrDefault(shape => shape.Length >= 2) is not { } b) return a[^1];
        var batch = a.Length > 2 && b.Length == a.Length ? Elements(a.SkipLast(2)) : 1;
        return Math.Sqrt(Elements(a) * Elements(b) / Elements(output) / batch);
    }

    /// <summary>Queries by keys, and weights by values: [N, T, C] or [N, heads, T, d], each with T' keys.</summary>
    private static double Attention(IReadOnlyList<long[]> inputs)
    {
        var (queries, keys) = (inputs[0], inputs.Count > 1 ? inputs[1] : inputs[0]);
        return keys.Length < 3 ? 0 : 4 * Elements(queries) * keys[^2];
    }
}
