using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>An exponential moving average of the weights, which detects better than the last weights of a noisy run (Polyak and Juditsky 1992).</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly List<(string Name, Tensor Live, Tensor Average)> _pairs;

    /// <param name="network">The network whose weights are followed.</param>
    /// <param name="decay">Share of the old average that each step keeps, below 1; less in the first steps, so that the first weights are soon forgotten.</param>
    public WeightAverage(nn.Module network, double decay)
    {
        _decay = decay;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _pairs = [.. network.state_dict().Select(w => (w.Key, w.Value, w.Value.detach().clone().DetachFromDisposeScope()))];
    }

    /// <summary>Weights taken in so far.</summary>
    public long Updates { get; set; }

    /// <summary>The average of each weight, by its name in the network.</summary>
    public IEnumerable<(string Name, Tensor Average)> Named => _pairs.Select(p => (p.Name, p.Average));

    /// <summary>Takes in the weights as they are now.</summary>
    public void Update()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var keep = Math.Min(_decay, (1.0 + Updates) / (10 + Updates));
        Updates++;
        foreach (var (_, live, average) in _pairs)
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
        foreach (var (_, live, average) in _pairs)
        {
            using var kept = live.clone();
            live.copy_(average);
            average.copy_(kept);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, _, average) in _pairs) average.Dispose();
    }
}
