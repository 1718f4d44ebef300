using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A copy of a network's weights from when it did best.</summary>
internal sealed class BestWeights(nn.Module network) : IDisposable
{
    private Dictionary<string, Tensor> _kept = [];

    /// <summary>Whether there is a copy.</summary>
    public bool Any => _kept.Count > 0;

    /// <summary>Copies the weights as they are now.</summary>
    public void Keep()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Dispose();
        _kept = network.state_dict().ToDictionary(w => w.Key, w => w.Value.detach().clone().DetachFromDisposeScope());
    }

    /// <summary>Gives the network the copied weights.</summary>
    public void Restore()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var weights = network.state_dict();
        foreach (var (name, value) in _kept) weights[name].copy_(value);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in _kept.Values) value.Dispose();
        _kept = [];
    }
}
