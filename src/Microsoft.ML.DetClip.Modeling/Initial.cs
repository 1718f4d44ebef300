using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>First values of parameters, drawn from torch's global generator.</summary>
internal static class Initial
{
    /// <summary>A normal distribution cut at two deviations.</summary>
    public static Tensor TruncatedNormal(double std, params long[] shape)
    {
        using var _ = no_grad();
        return TruncateNormal(empty(shape), std);
    }

    /// <summary>A normal distribution.</summary>
    public static Tensor Normal(double std, params long[] shape)
    {
        using var _ = no_grad();
        return nn.init.normal_(empty(shape), 0, std);
    }

    /// <summary>
    /// Deviation at which a layer's output varies as much as its input (LeCun et al. 1998, section 4.6). Swin's own 0.02 and ATSS's 0.01 suit
    /// networks that start from trained weights; from random ones they cost half the steps (see the experiment log).
    /// </summary>
    /// <param name="inputs">Values that one output reads.</param>
    public static double Deviation(long inputs) => 1 / Math.Sqrt(inputs);

    /// <summary>A linear layer: weights cut normal by fan-in, bias 0.</summary>
    public static Linear Linear(long inputs, long outputs, bool bias = true)
    {
        var layer = nn.Linear(inputs, outputs, hasBias: bias);
        using var _ = no_grad();
        TruncateNormal(layer.weight, Deviation(inputs));
        if (bias) nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>A 3×3 or 1×1 convolution that keeps the size (at stride 1): weights normal with the given deviation, bias constant.</summary>
    public static Conv2d Conv(long inputs, long outputs, int kernel, double std, double bias = 0, int stride = 1)
    {
        var layer = nn.Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2);
        using var _ = no_grad();
        if (std == 0) nn.init.zeros_(layer.weight!); else nn.init.normal_(layer.weight!, 0, std);
        nn.init.constant_(layer.bias!, bias);
        return layer;
    }

    /// <summary>A convolution with weights uniform by fan-in and fan-out (Glorot and Bengio 2010), as pyramids start theirs.</summary>
    public static Conv2d GlorotConv(long inputs, long outputs, int kernel, int stride = 1)
    {
        var layer = Conv(inputs, outputs, kernel, std: 0, stride: stride);
        using var _ = no_grad();
        nn.init.xavier_uniform_(layer.weight!);
        return layer;
    }

    /// <summary>A group norm that starts as the identity; TorchSharp 0.107 leaves the parameters of its own uninitialised.</summary>
    public static GroupNorm GroupNorm(int groups, int channels)
    {
        var layer = nn.GroupNorm(groups, channels);
        using var _ = no_grad();
        nn.init.ones_(layer.weight!);
        nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>A batch norm that starts as the identity.</summary>
    public static BatchNorm1d BatchNorm(int channels)
    {
        var layer = nn.BatchNorm1d(channels);
        using var _ = no_grad();
        nn.init.ones_(layer.weight!);
        nn.init.zeros_(layer.bias!);
        layer.reset_running_stats();
        return layer;
    }

    /// <summary>Inverts the distribution function between two deviations; TorchSharp 0.107's own gives the same number everywhere.</summary>
    private static Tensor TruncateNormal(Tensor x, double std)
    {
        const double WithinTwoDeviations = 0.9544997361036416; // erf(√2)
        return nn.init.uniform_(x, -WithinTwoDeviations, WithinTwoDeviations).erfinv_().mul_(std * Math.Sqrt(2));
    }
}
