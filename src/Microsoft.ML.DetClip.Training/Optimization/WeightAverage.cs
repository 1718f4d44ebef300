using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>An exponential moving average of the weights, which detects better than the last weights of a noisy run (Polyak and Juditsky 1992).</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(Tensor Live, Tensor Average)> _pairs;
    private long _updates;

    /// <param name="network">The network whose weights are followed.</param>
    /// <param name="decay">Share of the old average that each step keeps, below 1; less in the first steps, so that the first weights are soon forgotten.</param>
    public WeightAverage(nn.Module network, double decay)
    {
        _decay = decay;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _pairs = [.. network.state_dict().Values.Select(w => (w, w.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Takes in the weights as they are now.</summary>
    public void Update()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var keep = Math.Min(_decay, (1.0 + _updates) / (10 + _updates));
        _updates++;
        foreach (var (live, average) in _pairs)
        {
            if (average.is_floating_point()) average.lerp_(live, 1 - keep);
            else average.copy_(live);
        }
    }

    /// <summary>Exchanges the weights and their average: the network has the average until the next exchange.</summary>
    public void Swap()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var (live, average) in _pairs)
        {
            using var kept = live.clone();
            live.copy_(average);
            average.copy_(kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, average) in _pairs) average.Dispose();
    }
}
