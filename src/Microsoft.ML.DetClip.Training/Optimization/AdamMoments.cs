using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What AdamW remembers of one parameter, and its step. Loshchilov and Hutter 2019, algorithm 2; equal to torch's to rounding.</summary>
/// <remarks>TorchSharp 0.107's own optimizers keep their moments to themselves, and a run that is resumed needs them bit for bit.</remarks>
internal sealed class AdamMoments : IDisposable
{
    /// <summary>What the running mean keeps of itself in a step.</summary>
    public const double FirstDecay = 0.9;

    /// <summary>What the running mean of squares keeps of itself in a step.</summary>
    public const double SecondDecay = 0.999;

    /// <summary>Added to the root of the mean of squares, so that it can be divided by.</summary>
    public const double Epsilon = 1e-8;

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

    /// <summary>Moves parameters against their gradients: together where that is faster, else one by one. Those without a gradient stay as they are.</summary>
    /// <param name="all">What is remembered of them; all are on one device.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="weightDecay">Share of itself, times the rate, that a parameter loses.</param>
    /// <param name="gradientFactor">What gradients are multiplied by before use.</param>
    public static void Step(IReadOnlyList<AdamMoments> all, double rate, double weightDecay, double gradientFactor)
    {
        if (all.Count > 0 && AdamLists.Suits(all[0]._parameter)) StepTogether(all, rate, weightDecay, gradientFactor);
        else foreach (var one in all) one.Step(rate, weightDecay, gradientFactor);
    }

    /// <summary>Moves parameters together, wherever they are.</summary>
    internal static void StepTogether(IEnumerable<AdamMoments> all, double rate, double weightDecay, double gradientFactor)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var alike in all.Select(one => (Moments: one, Gradient: one._parameter.grad!)).Where(one => one.Gradient is not null).GroupBy(one => one.Moments.Steps).ToArray())
        {
            foreach (var (moments, _) in alike) moments.Steps++;
            AdamLists.Step(
                [.. alike.Select(one => one.Moments._parameter)], [.. alike.Select(one => one.Gradient)], [.. alike.Select(one => one.Moments.First)],
                [.. alike.Select(one => one.Moments.Second)], At(alike.Key + 1, rate, weightDecay, gradientFactor));
        }
    }

    private static AdamStep At(long step, double rate, double weightDecay, double gradientFactor) => new(
        rate / (1 - Math.Pow(FirstDecay, step)), Keep: 1 - rate * weightDecay, gradientFactor, Spread: Math.Sqrt(1 - Math.Pow(SecondDecay, step)));

    /// <summary>Moves the parameter against its gradient; a parameter without one stays as it is.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <param name="weightDecay">Share of itself, times the rate, that the parameter loses.</param>
    /// <param name="gradientFactor">What the gradient is multiplied by before use.</param>
    public void Step(double rate, double weightDecay, double gradientFactor = 1) => Step(rate, weightDecay, gradientFactor, kernel: AdamKernel.CanStep(_parameter));

    /// <summary>The same with or without <see cref="AdamKernel"/>.</summary>
    internal void Step(double rate, double weightDecay, double gradientFactor, bool kernel)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (_parameter.grad is not { } gradient) return;
        Steps++;
        var step = At(Steps, rate, weightDecay, gradientFactor);
        if (kernel) AdamKernel.Step(_parameter, gradient.contiguous(), First, Second, step);
        else Follow(gradient, step);
    }

    private void Follow(Tensor gradient, AdamStep step)
    {
        if (step.GradientFactor != 1) gradient = gradient * Number(step.GradientFactor);
        if (step.Keep != 1) _parameter.mul_(Number(step.Keep));
        First.mul_(Number(FirstDecay)).add_(gradient, alpha: Number(1 - FirstDecay));
        Second.mul_(Number(SecondDecay)).addcmul_(gradient, gradient, Number(1 - SecondDecay));
        var spread = Second.sqrt().div_(Number(step.Spread)).add_(Number(Epsilon), Number(1));
        _parameter.addcdiv_(First, spread, Number(-step.Rate));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
