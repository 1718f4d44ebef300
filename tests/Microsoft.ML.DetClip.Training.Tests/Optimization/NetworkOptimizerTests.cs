using Microsoft.ML.DetClip.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

public class NetworkOptimizerTests
{
    [SharedFact("golden/numerics/misc/adamw.safetensors")]
    public void Steps_agree_with_torch_AdamW()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/misc/adamw");
        var parameter = new Parameter(golden["param0"].clone());
        using var optimizer = new NetworkOptimizer([new([parameter], RateFactor: 1, Decays: true)], golden.Number("lr"), golden.Number("weight_decay"), double.PositiveInfinity);

        for (var step = 0; step < 6; step++)
        {
            optimizer.Step((parameter * golden["grads"][step]).sum(), rateFactor: 1); // its gradient is the golden one
            TensorAssert.Close(golden["params_after_step"][step], parameter, absolute: 1e-6, relative: 1e-5);
        }
    }

    [Fact]
    public void A_long_gradient_is_shortened_and_its_length_told()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(4));
        using var optimizer = new NetworkOptimizer([new([parameter], 1, Decays: false)], rate: 0.1, weightDecay: 0, maxNorm: 1);

        var norm = optimizer.Step((parameter * 3).sum(), rateFactor: 1);

        Assert.Equal(6, norm, 1e-4);
        Assert.Equal(1, parameter.grad!.norm().item<float>(), 1e-4);
    }

    [Fact]
    public void Groups_step_at_their_own_rate_and_decay_only_where_they_should()
    {
        using var scope = NewDisposeScope();
        var (fast, slow, decayed) = (new Parameter(ones(1)), new Parameter(ones(1)), new Parameter(ones(1)));
        ParameterGroup[] groups = [new([fast], 1, Decays: false), new([slow], 0.1, Decays: false), new([decayed], 1, Decays: true)];
        using var optimizer = new NetworkOptimizer(groups, rate: 0.01, weightDecay: 0.5, maxNorm: double.PositiveInfinity);

        optimizer.Step(fast.sum() + slow.sum() + decayed.sum(), rateFactor: 0.5);

        // AdamW's first step is the rate times the gradient's sign.
        Assert.Equal(1 - 0.005, fast.item<float>(), 1e-6);
        Assert.Equal(1 - 0.0005, slow.item<float>(), 1e-6);
        Assert.Equal(1 * (1 - 0.005 * 0.5) - 0.005, decayed.item<float>(), 1e-6);
    }
}
