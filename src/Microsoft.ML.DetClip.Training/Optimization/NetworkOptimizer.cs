using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>AdamW over the groups of a network's parameters, with a limit on the gradient's length.</summary>
internal sealed class NetworkOptimizer : IDisposable
{
    private readonly IReadOnlyList<ParameterGroup> _groups;
    private readonly AdamW _adam;
    private readonly Parameter[] _parameters;
    private readonly double _rate;
    private readonly double _maxNorm;

    /// <param name="groups">What is trained.</param>
    /// <param name="rate">Peak learning rate of a group whose factor is 1.</param>
    /// <param name="weightDecay">Decay of groups that decay.</param>
    /// <param name="maxNorm">Longer gradients are shortened to this.</param>
    public NetworkOptimizer(IReadOnlyList<ParameterGroup> groups, double rate, double weightDecay, double maxNorm)
    {
        (_groups, _rate, _maxNorm) = (groups, rate, maxNorm);
        _parameters = [.. groups.SelectMany(g => g.Parameters)];
        _adam = optim.AdamW(groups.Select(g => new AdamW.ParamGroup(
            g.Parameters, lr: rate * g.RateFactor, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: g.Decays ? weightDecay : 0)));
    }

    /// <summary>Follows the gradient of a loss by one step.</summary>
    /// <param name="loss">Scalar, [].</param>
    /// <param name="rateFactor">Share of the peak learning rate.</param>
    /// <returns>Length of the gradient before it was shortened.</returns>
    public double Step(Tensor loss, double rateFactor)
    {
        using var scope = NewDisposeScope();
        foreach (var (group, settings) in _groups.Zip(_adam.ParamGroups)) settings.LearningRate = _rate * group.RateFactor * rateFactor;
        _adam.zero_grad();
        loss.backward();
        var norm = nn.utils.clip_grad_norm_(_parameters, _maxNorm);
        _adam.step();
        return norm;
    }

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}
