using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What AdamW remembers of one parameter, and its step. Loshchilov and Hutter 2019, algorithm 2; equal to torch's to rounding.</summary>
/// <remarks>TorchSharp 0.107's own optimizers keep their moments to themselves, and a run that is resumed needs them bit for bit.</remarks>
internal sealed class AdamMoments : IDisposable
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private const double Epsilon = 1e-8;

    private readonly Parameter _parameter;

    public AdamMoments(Parameter parameter)
    {
        _parameter = parameter;
        using var noGrad = no_grad();
        First = zeros_like(parameter).DetachFromDisposeScope();
        Second = zeros_like(parameter).DetachFromDisposeScope();
    }

    /// <summary>Running mean of the gradient.</summary>
    public Tensor First { get; }

    /// <summary>Running mean of its square.</summary>
    public Tensor Second { get; }

    /// <summary>Steps done.</summary>
    public long Steps { get; set; }

    /// <summary>Moves the parameter against its gradient; a parameter without one stays as it is.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="weightDecay">Share of itself, times the rate, that the parameter loses.</param>
    public void Step(double rate, double weightDecay)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_parameter.grad is not { } gradient) return;
        Steps++;
        if (weightDecay != 0) _parameter.mul_(1 - rate * weightDecay);
        First.mul_(FirstDecay).add_(gradient, alpha: 1 - FirstDecay);
        Second.mul_(SecondDecay).addcmul_(gradient, gradient, 1 - SecondDecay);
        var spread = Second.sqrt().div_(Math.Sqrt(1 - Math.Pow(SecondDecay, Steps))).add_(Epsilon);
        _parameter.addcdiv_(First, spread, -rate / (1 - Math.Pow(FirstDecay, Steps)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
