using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Single operations against those of another release of the same library: they catch arguments in the wrong order and constants of the wrong value.</summary>
public class TorchOpsGoldenTests
{
    private static readonly TorchOps Ops = TorchOps.Inference;

    [SharedFact("golden/numerics/misc")]
    public void Norms_and_activations_over_the_last_axis_agree()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var golden = Golden.Shared("numerics/misc/norm_act");
        var norm = nn.LayerNorm(32);
        norm.weight!.copy_(golden["ln_weight"]);
        norm.bias!.copy_(golden["ln_bias"]);

        GoldenAssert.CloseToScale(golden["layer_norm"], Ops.LayerNorm(golden["input"], norm));
        GoldenAssert.CloseToScale(golden["gelu_erf"], Ops.Gelu(golden["input"]));
        GoldenAssert.CloseToScale(golden["quick_gelu"], Ops.QuickGelu(golden["input"]));
        GoldenAssert.CloseToScale(golden["l2_normalize"], Ops.Normalize(golden["input"]));
    }

    [SharedFact("golden/numerics/misc")]
    public void Group_norm_agrees()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var golden = Golden.Shared("numerics/misc/group_norm");
        var norm = Initial.GroupNorm(8, 24);
        norm.weight!.copy_(golden["weight"]);
        norm.bias!.copy_(golden["bias"]);

        GoldenAssert.CloseToScale(golden["out_g8"], Ops.GroupNorm(golden["input"], norm));
    }

    [SharedFact("golden/numerics/misc")]
    public void Nearest_resize_agrees()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/misc/interpolate");
        TensorAssert.Equal(golden["nearest_up"], Ops.ResizeLike(golden["input"], empty(1, 3, 25, 40)));
    }
}
