using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>A part of a network that keeps its input alone: what lies inside is computed again when its gradient is wanted (Chen et al. 2016).</summary>
/// <remarks>
/// Value and gradients are those of the part itself, to the bit: the second computation draws the same random numbers as the first.
/// Gradients of parameters inside are added where they belong, as by <see cref="Tensor.backward()"/>; asking for them by <c>autograd.grad</c> is not possible.
/// </remarks>
internal sealed class Recomputation : autograd.SingleTensorFunction<Recomputation>
{
    private const string Part = "part";
    private const string Random = "random";
    private const string Thread = "thread";

    [ThreadStatic]
    private static Tensor? t_given; // the last gradient given back on a thread of torch's

    /// <inheritdoc/>
    public override string Name => nameof(Recomputation);

    /// <param name="x">Any shape; must want a gradient.</param>
    /// <param name="part">From <paramref name="x"/> to another tensor, by any parameters.</param>
    public static Tensor Run(Tensor x, Func<Tensor, Tensor> part) => apply(x, part);

    /// <inheritdoc/>
    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (x, part) = ((Tensor)vars[0], (Func<Tensor, Tensor>)vars[1]);
        using var noGrad = no_grad();
        ctx.save_for_backward([x]);
        ctx.save_data(Part, part);
        ctx.save_data(Random, RandomState());
        ctx.save_data(Thread, Environment.CurrentManagedThreadId);
        return part(x);
    }

    /// <inheritdoc/>
    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var gradient = grad_output;
        using var scope = NewDisposeScope();
        var x = ctx.get_saved_variables()[0].detach().requires_grad_();
        var y = Again((Func<Tensor, Tensor>)ctx.get_data(Part), x, (byte[])ctx.get_data(Random));
        y.backward([gradient]);
        return [Given(x.grad!, (int)ctx.get_data(Thread)), null!];
    }

    // Gradients of a GPU are computed on a thread of torch's, where no scope of the step's would dispose of the result: the next one does.
    private static Tensor Given(Tensor gradient, int threadOfForward)
    {
        if (Environment.CurrentManagedThreadId == threadOfForward) return gradient.MoveToOuterDisposeScope();
        t_given?.Dispose();
        return t_given = gradient.DetachFromDisposeScope();
    }

    private static Tensor Again(Func<Tensor, Tensor> part, Tensor x, byte[] random)
    {
        using var gradients = enable_grad();
        var now = RandomState();
        try
        {
            SetRandomState(random);
            return part(x);
        }
        finally
        {
            SetRandomState(now);
        }
    }

    private static byte[] RandomState()
    {
        using var state = get_rng_state();
        return state.bytes.ToArray();
    }

    private static void SetRandomState(byte[] state)
    {
        using var values = tensor(state);
        set_rng_state(values);
    }
}
