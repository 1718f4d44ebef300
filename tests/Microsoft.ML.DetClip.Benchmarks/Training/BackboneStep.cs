using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>A training step of our Swin-T: forward, the mean of each map as loss, backward, gradient clipping and AdamW.</summary>
internal sealed class BackboneStep : IDisposable
{
    private readonly SwinTransformer _network;
    private readonly NetworkOptimizer _optimizer;
    private readonly TorchOps _ops;
    private readonly Tensor _pixels;

    /// <param name="batch">Images of a step.</param>
    /// <param name="side">Their height and width.</param>
    /// <param name="products">Number format of products.</param>
    /// <param name="device">Where it runs.</param>
    public BackboneStep(int batch, int side, ScalarType products, Device device)
    {
        random.manual_seed(1);
        _network = new SwinTransformer(DetClipVariants.SwinTiny.Backbone).to(device);
        _optimizer = new(ParameterGroups.Of(_network, textRateFactor: 0), rate: 1e-4, weightDecay: 0.05, maxNorm: 10);
        _ops = TorchOps.ForTraining(products, recompute: false);
        _pixels = randn(batch, 3, side, side, device: device);
    }

    /// <summary>Numbers that are trained.</summary>
    public long Parameters => _network.parameters().Sum(p => p.numel());

    /// <summary>Does one step.</summary>
    public void Run()
    {
        using var scope = NewDisposeScope();
        _optimizer.Add(_network.Forward(_ops, _pixels).Select(map => map.mean()).Aggregate((a, b) => a + b));
        _optimizer.Step(1);
        if (_pixels.device_type == DeviceType.CUDA) cuda.synchronize();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pixels.Dispose();
        _optimizer.Dispose();
        _network.Dispose();
    }
}
