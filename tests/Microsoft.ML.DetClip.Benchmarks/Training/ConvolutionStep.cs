using Microsoft.ML.DetClip.Modeling;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Benchmarks.Training;

/// <summary>A 3×3 convolution, plain or deformable, forward and backward.</summary>
internal sealed class ConvolutionStep : IDisposable
{
    private readonly Conv2d _layer;
    private readonly Tensor _x;
    private readonly Tensor _steering;
    private readonly Tensor _gradient;

    /// <param name="batch">Maps of a step.</param>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="height">Of the maps.</param>
    /// <param name="width">Of the maps.</param>
    public ConvolutionStep(int batch, int channels, int height, int width)
    {
        random.manual_seed(1);
        _layer = nn.Conv2d(channels, channels, 3, padding: 1);
        _x = randn(batch, channels, height, width).requires_grad_();
        _steering = randn(batch, 27, height, width).requires_grad_();
        _gradient = randn(batch, channels, height, width);
    }

    /// <summary>The plain convolution.</summary>
    public void Plain() => Run(() => TorchOps.Training.Conv2d(_x, _layer));

    /// <summary>The deformable one; the convolution that steers it is not part of it.</summary>
    public void Deformable() => Run(() => TorchOps.Training.DeformConv2d(_x, _steering, _layer.weight!, _layer.bias!));

    /// <inheritdoc/>
    public void Dispose()
    {
        _layer.Dispose();
        foreach (var tensor in new[] { _x, _steering, _gradient }) tensor.Dispose();
    }

    private void Run(Func<Tensor> convolve)
    {
        using var scope = NewDisposeScope();
        convolve().backward([_gradient]);
        foreach (var tensor in new[] { _x, _steering, _layer.weight!, _layer.bias! }) tensor.grad = null;
    }
}
