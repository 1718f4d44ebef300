using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Modulated deformable convolution (Zhu et al. 2019), group norm and ReLU; another map than the one it reads says where to look.</summary>
/// <remarks>It starts as a plain convolution at half strength: the layer that makes offsets and mask starts at zero.</remarks>
internal sealed class DeformableConvolution : Layer
{
    /// <summary>Two offsets and one mask value for each of the nine taps.</summary>
    private const int SteeringChannels = 27;

    private readonly Conv2d _steering;
    private readonly LayerWeight _weight;
    private readonly LayerWeight _bias;
    private readonly GroupNorm _norm;

    public DeformableConvolution(int channels, int groups) : base(nameof(DeformableConvolution))
    {
        _steering = Part("steering", Initial.Conv(channels, SteeringChannels, kernel: 3, std: 0));
        _weight = Weight("weight", Initial.Normal(Initial.Deviation(9L * channels), channels, channels, 3, 3));
        _bias = Weight("bias", zeros(channels));
        _norm = Part("norm", Initial.GroupNorm(groups, channels));
    }

    /// <param name="ops">The reading.</param>
    /// <param name="x">What is convolved, [B, C, H, W].</param>
    /// <param name="guide">What offsets and mask are predicted from, [B, C, H, W].</param>
    /// <returns>[B, C, H, W]</returns>
    public T Forward<T>(Ops<T> ops, T x, T guide)
    {
        using var part = ops.Enter("deform");
        var sampled = ops.DeformConv2d(x, ops.Conv2d(guide, _steering), _weight.Value, _bias.Value);
        return part.Leave(ops.Relu(ops.GroupNorm(sampled, _norm)));
    }
}
