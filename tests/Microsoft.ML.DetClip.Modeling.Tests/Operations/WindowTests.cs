using Microsoft.ML.DetClip.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class WindowTests
{
    private static readonly TorchOps Ops = TorchOps.Inference;

    [Theory]
    [InlineData(14, 21, 7, 0)]
    [InlineData(14, 21, 7, 3)]
    [InlineData(13, 9, 7, 3)]  // padded both ways
    [InlineData(5, 30, 7, 3)]  // one window covers the height
    [InlineData(1, 1, 7, 3)]
    [InlineData(9, 6, 2, 1)]
    public void Joining_what_was_split_gives_the_map_back(int height, int width, int size, int shift)
    {
        using var scope = NewDisposeScope();
        var x = randn(2, height, width, 3);
        var windows = Ops.WindowSplit(x, new(size, shift));
        TensorAssert.Equal(x, Ops.WindowJoin(windows.Tokens, windows));
    }

    [Theory]
    [InlineData(8, 12, 4, 0)]
    [InlineData(8, 12, 4, 2)]
    [InlineData(9, 7, 4, 2)]   // padded both ways
    [InlineData(3, 11, 4, 2)]  // one window covers the height
    [InlineData(4, 4, 4, 2)]
    [InlineData(7, 8, 3, 1)]
    public void Window_attention_is_masked_attention_over_the_whole_map(int height, int width, int size, int shift)
    {
        const int Heads = 2, Channels = 6;
        using var scope = NewDisposeScope();
        var map = randn(2, height, width, 3 * Channels).requires_grad_();
        var table = new Parameter(randn((2 * size - 1) * (2 * size - 1), Heads));

        var windows = Ops.WindowSplit(map, new(size, shift));
        var output = Ops.WindowSplit(empty(2, height, width, Channels), new(size, shift));
        var fast = Ops.WindowJoin(Ops.WindowAttention(windows.Tokens, windows, Heads, table), output);
        var plain = PlainWindowAttention.Compute(map, size, shift, Heads, table);

        TensorAssert.Close(plain, fast, absolute: 2e-6);
        var weight = randn_like(plain);
        var expected = autograd.grad([(plain * weight).sum()], [map, table]);
        var actual = autograd.grad([(fast * weight).sum()], [map, table]);
        foreach (var (e, a) in expected.Zip(actual)) TensorAssert.Close(e, a, absolute: 1e-5);
        using var frozen = no_grad(); // takes the fused form
        TensorAssert.Close(plain, Ops.WindowJoin(Ops.WindowAttention(windows.Tokens, windows, Heads, table), output), absolute: 2e-6);
    }

    [Theory]
    [InlineData(4, 6)]
    [InlineData(5, 7)]
    [InlineData(1, 1)]
    public void Merged_patches_hold_the_neighbours_in_the_order_of_torchvision(int height, int width)
    {
        using var scope = NewDisposeScope();
        var x = randn(2, height, width, 3);
        var merged = Ops.MergePatches(x);
        Assert.Equal([2, (height + 1) / 2, (width + 1) / 2, 12], merged.shape);
        foreach (var (place, (row, column)) in new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.Index())
            for (var i = 0; i < merged.shape[1]; i++)
                for (var j = 0; j < merged.shape[2]; j++)
                {
                    var (y, xx) = (2 * i + row, 2 * j + column);
                    var expected = y < height && xx < width ? x[TensorIndex.Colon, y, xx] : zeros(2, 3);
                    TensorAssert.Equal(expected, merged[TensorIndex.Colon, i, j].narrow(1, 3 * place, 3));
                }
    }
}
