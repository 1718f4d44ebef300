using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>AdamW over the groups of a network's parameters: gathers the gradients of one batch or several, limits their length, steps.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private readonly (ParameterGroup Group, AdamMoments[] Moments)[] _groups;
    private readonly Parameter[] _parameters;
    private readonly double _rate;
    private readonly double _weightDecay;
    private readonly double _maxNorm;

    /// <param name="groups">What is trained.</param>
    /// <param name="rate">Peak learning rate of a group whose factor is 1.</param>
    /// <param name="weightDecay">Decay of groups that decay.</param>
    /// <param name="maxNorm">Longer gradients are shortened to this.</param>
    public NetworkOptimizer(IReadOnlyList<ParameterGroup> groups, double rate, double weightDecay, double maxNorm)
    {
        (_rate, _weightDecay, _maxNorm) = (rate, weightDecay, maxNorm);
        _groups = [.. groups.Select(g => (g, g.Parameters.Select(p => new AdamMoments(p.Value)).ToArray()))];
        _parameters = [.. groups.SelectMany(g => g.Parameters).Select(p => p.Value)];
        ForgetGradients();
    }

    /// <summary>Scales losses for a number format of few digits; null leaves them alone.</summary>
    public GradientScaler? Scaler { get; init; }

    /// <summary>What is remembered of each parameter, by its name.</summary>
    public IEnumerable<(string Name, AdamMoments Moments)> Moments =>
        _groups.SelectMany(g => g.Group.Parameters.Select(p => p.Name).Zip(g.Moments));

    /// <summary>Adds the gradient of a loss to those gathered so far.</summary>
    /// <param name="loss">Scalar, [].</param>
    /// <param name="of">How many losses the step has; it follows their mean.</param>
    public void Add(Tensor loss, int of = 1)
    {
        using var scope = NewDisposeScope();
        var factor = (Scaler?.Scale ?? 1) / of;
        (factor == 1 ? loss : loss * Number(factor)).backward();
    }

    /// <summary>Follows the gathered gradients by one step, unless they are infinite or no number, and forgets them.</summary>
    /// <param name="rateFactor">Share of the peak learning rate.</param>
    /// <returns>Length of the gradient before it was shortened. Where it is not finite nothing was changed but the <see cref="Scaler"/>.</returns>
    public double Step(double rateFactor)
    {
        var scale = Scaler?.Scale ?? 1;
        var norm = GradientNorm() / scale;
        Scaler?.Update(double.IsFinite(norm));
        var gradientFactor = Math.Min(1, _maxNorm / (norm + 1e-6)) / scale;
        if (double.IsFinite(norm))
            foreach (var (group, moments) in _groups)
                AdamMoments.Step(moments, _rate * group.RateFactor * rateFactor, group.Decays ? _weightDecay : 0, gradientFactor);
        ForgetGradients();
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, moments) in Moments) moments.Dispose();
    }

    private double GradientNorm()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var gradients = _parameters.Select(p => p.grad).OfType<Tensor>().ToArray();
        return gradients.Length == 0 ? 0 : AdamLists.Norm(gradients).to(float64).item<double>();
    }

    // No gradient is not a gradient of 0: a parameter that a step does not reach neither decays nor moves on.
    private void ForgetGradients()
    {
        foreach (var parameter in _parameters) parameter.grad = null;
    }
}
