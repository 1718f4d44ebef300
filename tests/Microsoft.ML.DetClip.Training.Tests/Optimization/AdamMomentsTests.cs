using Microsoft.ML.DetClip.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class AdamMomentsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 7)]
    [InlineData(700, 800)] // more than one chunk of the kernel
    public void The_kernel_steps_as_torch_operators_do(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (fast, plain) = (new Parameter(randn(rows, columns)), new Parameter(zeros(rows, columns)));
        using (no_grad()) plain.copy_(fast);
        using var ofFast = new AdamMoments(fast);
        using var ofPlain = new AdamMoments(plain);

        for (var step = 0; step < 5; step++)
        {
            var gradient = randn(columns, rows).t(); // not contiguous
            (fast.grad, plain.grad) = (gradient, gradient.clone());
            ofFast.Step(1e-2, weightDecay: 0.1, gradientFactor: 0.3, kernel: true);
            ofPlain.Step(1e-2, weightDecay: 0.1, gradientFactor: 0.3, kernel: false);
        }

        TensorAssert.Close(plain, fast, absolute: 1e-6);
        TensorAssert.Close(ofPlain.First, ofFast.First, absolute: 1e-6);
        TensorAssert.Close(ofPlain.Second, ofFast.Second, absolute: 1e-6);
    }

    [Fact]
    public void Parameters_stepped_together_step_as_each_alone()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        long[][] shapes = [[3, 4], [5], [1], [2, 3, 1, 1]];
        var together = shapes.Select(shape => new Parameter(randn(shape))).ToArray();
        var alone = together.Select(p => new Parameter(p.detach().clone())).ToArray();
        AdamMoments[] ofTogether = [.. together.Select(p => new AdamMoments(p))], ofAlone = [.. alone.Select(p => new AdamMoments(p))];

        for (var step = 0; step < 4; step++)
        {
            foreach (var (i, shape) in shapes.Index())
                (together[i].grad, alone[i].grad) = i == 1 && step % 2 == 0 ? (null, null) : randn(shape) is var gradient ? (gradient, gradient.clone()) : default;
            AdamMoments.StepTogether(ofTogether, 1e-2, weightDecay: 0.1, gradientFactor: 0.3);
            foreach (var one in ofAlone) one.Step(1e-2, weightDecay: 0.1, gradientFactor: 0.3, kernel: false);
        }

        Assert.Equal([4L, 2, 4, 4], ofTogether.Select(m => m.Steps));
        foreach (var (expected, actual) in alone.Zip(together)) TensorAssert.Close(expected, actual, absolute: 1e-6);
        foreach (var (expected, actual) in ofAlone.Zip(ofTogether)) TensorAssert.Close(expected.Second, actual.Second, absolute: 1e-7);
    }

    [Fact]
    public void The_kernel_gives_the_same_bits_with_any_number_of_threads()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var (start, gradient, threads) = (randn(700, 800), randn(700, 800), get_num_threads());
        Tensor Stepped(int threads)
        {
            set_num_threads(threads);
            var parameter = new Parameter(start.clone()) { grad = gradient };
            using var moments = new AdamMoments(parameter);
            moments.Step(1e-2, weightDecay: 0.1);
            return parameter;
        }

        try
        {
            TensorAssert.Equal(Stepped(1), Stepped(3));
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
