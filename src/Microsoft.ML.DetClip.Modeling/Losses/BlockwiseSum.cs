using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>One block's share of a sum.</summary>
/// <param name="block">Some of the rows, one after another.</param>
/// <param name="start">Index of the first of them.</param>
/// <param name="shared">What every block needs whole.</param>
/// <returns>Scalar, [].</returns>
internal delegate Tensor BlockPart(Tensor block, long start, IReadOnlyList<Tensor> shared);

/// <summary>A sum over rows, taken block by block: each block's gradients are taken at once and its graph is let go, so that memory holds one block.</summary>
/// <remarks>Value and gradients are those of the sum in one piece, up to rounding; there are no second derivatives.</remarks>
internal static class BlockwiseSum
{
    /// <param name="rows">What is cut along its first axis, [R, ...].</param>
    /// <param name="shared">Every other tensor that may need a gradient. Those the part reaches in another way get none.</param>
    /// <param name="blockRows">Rows of a block, at least 1; the last block may have fewer.</param>
    /// <param name="part">A block's share. With gradients on, it depends on the block and on all of <paramref name="shared"/>.</param>
    /// <returns>The sum of all shares: scalar, [].</returns>
    public static Tensor Compute(Tensor rows, IReadOnlyList<Tensor> shared, long blockRows, BlockPart part)
    {
        using var scope = NewDisposeScope();
        var copies = shared.Select(Leaf).ToArray();
        Tensor[] sources = [rows, .. shared];
        var gradients = sources.Select(x => Learns(x) ? zeros_like(x) : null).ToArray();
        var total = zeros([], rows.dtype, rows.device);
        for (long start = 0; start < rows.shape[0]; start += blockRows)
        {
            using var one = NewDisposeScope();
            var block = Leaf(rows.narrow(0, start, Math.Min(blockRows, rows.shape[0] - start)));
            var value = part(block, start, copies);
            if (value.requires_grad) Add(value, [block, .. copies], gradients, start);
            total.add_(value.detach(), Number(1));
        }
        return total.Plus(Linear(sources, gradients)).MoveToOuterDisposeScope();
    }

    private static bool Learns(Tensor x) => is_grad_enabled() && x.requires_grad;

    // The same values, where gradients end.
    private static Tensor Leaf(Tensor x) => x.detach().requires_grad_(Learns(x));

    private static void Add(Tensor value, Tensor[] inputs, Tensor?[] gradients, long start)
    {
        var wanted = inputs.Where(x => x.requires_grad).ToArray();
        var found = new Queue<Tensor>(autograd.grad([value], wanted));
        if (gradients[0] is { } ofRows) ofRows.narrow(0, start, inputs[0].shape[0]).copy_(found.Dequeue());
        foreach (var sum in gradients.Skip(1)) sum?.add_(found.Dequeue(), Number(1));
    }

    // 0, with the given gradients.
    private static Tensor Linear(Tensor[] sources, Tensor?[] gradients)
    {
        var product = zeros([], sources[0].dtype, sources[0].device);
        foreach (var (x, gradient) in sources.Zip(gradients))
            if (gradient is not null) product = product.Plus((x * gradient).sum());
        return product - product.detach();
    }
}
