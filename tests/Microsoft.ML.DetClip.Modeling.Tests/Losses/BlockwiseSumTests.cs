using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class BlockwiseSumTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)] // 4 + 4 + 2
    [InlineData(10)]
    [InlineData(99)]
    public void Any_block_size_gives_the_value_and_gradients_of_the_sum_in_one_piece(long blockRows)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (rows, first, second) = (Learned(10, 3), Learned(3, 5), Learned(1));
        (3 * Whole(rows, first, second)).backward();

        var (a, b, c) = (Copy(rows), Copy(first), Copy(second));
        var sum = BlockwiseSum.Compute(a, [b, c], blockRows, (block, _, shared) => Whole(block, shared[0], shared[1]));
        (3 * sum).backward();

        TensorAssert.Close(Whole(rows, first, second), sum, absolute: 1e-12);
        foreach (var (expected, actual) in new[] { (rows, a), (first, b), (second, c) }) TensorAssert.Close(expected.grad!, actual.grad!, absolute: 1e-12);
    }

    [Fact]
    public void Blocks_know_where_they_start()
    {
        using var scope = NewDisposeScope();
        var starts = new List<(long, long)>();

        BlockwiseSum.Compute(zeros(7, 2), [], 3, (block, start, _) =>
        {
            starts.Add((start, block.shape[0]));
            return block.sum();
        });

        Assert.Equal([(0, 3), (3, 3), (6, 1)], starts);
    }

    [Fact]
    public void Gradients_go_only_where_they_are_wanted()
    {
        using var scope = NewDisposeScope();
        var (rows, first, second) = (randn(10, 3, float64), Learned(3, 5), randn(1, float64));

        BlockwiseSum.Compute(rows, [first, second], 4, (block, _, shared) => Whole(block, shared[0], shared[1])).backward();

        Assert.Null(rows.grad);
        Assert.NotNull(first.grad);
        Assert.Null(second.grad);
    }

    [Fact]
    public void Without_gradients_it_is_a_sum()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var (rows, first, second) = (Learned(10, 3), Learned(3, 5), Learned(1));

        var sum = BlockwiseSum.Compute(rows, [first, second], 4, (block, _, shared) => Whole(block, shared[0], shared[1]));

        Assert.False(sum.requires_grad);
        TensorAssert.Close(Whole(rows, first, second), sum, absolute: 1e-12);
    }

    private static Tensor Whole(Tensor rows, Tensor first, Tensor second) => (rows.matmul(first) + second).sin().square().sum();

    private static Tensor Learned(params long[] shape) => randn(shape, float64).requires_grad_();

    private static Tensor Copy(Tensor x) => x.detach().clone().requires_grad_();
}
