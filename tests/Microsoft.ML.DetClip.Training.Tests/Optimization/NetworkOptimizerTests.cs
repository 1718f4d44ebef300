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
        using var optimizer = new NetworkOptimizer([Group(parameter, decays: true)], golden.Number("lr"), golden.Number("weight_decay"), double.PositiveInfinity);

        for (var step = 0; step < 6; step++)
        {
            optimizer.Add((parameter * golden["grads"][step]).sum()); // its gradient is the golden one
            optimizer.Step(rateFactor: 1);
            TensorAssert.Close(golden["params_after_step"][step], parameter, absolute: 1e-6, relative: 1e-5);
        }
    }

    [Fact]
    public void A_long_gradient_is_shortened_and_its_length_told()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(zeros(4));
        using var optimizer = new NetworkOptimizer([Group(parameter)], rate: 0.1, weightDecay: 0, maxNorm: 1);

        optimizer.Add((parameter * 3).sum());
        var norm = optimizer.Step(rateFactor: 1);

        Assert.Equal(6, norm, 1e-4);
        var first = optimizer.Moments.Single().Moments.First; // a tenth of the gradient that was followed
        Assert.Equal(0.1, first.norm().item<float>(), 1e-5);
    }

    [Fact]
    public void Groups_step_at_their_own_rate_and_decay_only_where_they_should()
    {
        using var scope = NewDisposeScope();
        var (fast, slow, decayed) = (new Parameter(ones(1)), new Parameter(ones(1)), new Parameter(ones(1)));
        ParameterGroup[] groups = [Group(fast), Group(slow, factor: 0.1), Group(decayed, decays: true)];
        using var optimizer = new NetworkOptimizer(groups, rate: 0.01, weightDecay: 0.5, maxNorm: double.PositiveInfinity);

        optimizer.Add(fast.sum() + slow.sum() + decayed.sum());
        optimizer.Step(rateFactor: 0.5);

        // AdamW's first step is the rate times the gradient's sign.
        Assert.Equal(1 - 0.005, fast.item<float>(), 1e-6);
        Assert.Equal(1 - 0.0005, slow.item<float>(), 1e-6);
        Assert.Equal(1 * (1 - 0.005 * 0.5) - 0.005, decayed.item<float>(), 1e-6);
    }

    [Fact]
    public void Gradients_added_in_parts_are_that_of_their_mean()
    {
        using var scope = NewDisposeScope();
        var (whole, parts) = (new Parameter(ones(3)), new Parameter(ones(3)));
        using var atOnce = Optimizer(whole);
        using var inParts = Optimizer(parts);

        for (var step = 1; step <= 4; step++)
        {
            atOnce.Add((whole.square() * step + whole.pow(3)).sum() / 2);
            inParts.Add((parts.square() * step).sum(), of: 2);
            inParts.Add(parts.pow(3).sum(), of: 2);
            Assert.Equal(atOnce.Step(1), inParts.Step(1), 1e-6);
        }

        TensorAssert.Close(whole, parts, absolute: 1e-6);
    }

    [Fact]
    public void A_parameter_that_a_loss_does_not_reach_stays_as_it_is()
    {
        using var scope = NewDisposeScope();
        var (reached, other) = (new Parameter(ones(3)), new Parameter(ones(3)));
        using var optimizer = new NetworkOptimizer([Group(reached, decays: true), Group(other, decays: true)], rate: 0.1, weightDecay: 0.5, maxNorm: 1);
        optimizer.Add(reached.sum() + other.sum());
        optimizer.Step(1);
        using var before = other.clone();

        optimizer.Add(reached.sum());
        optimizer.Step(1);

        TensorAssert.Equal(before, other);
        Assert.Equal([2L, 1], optimizer.Moments.Select(m => m.Moments.Steps));
    }

    [Fact]
    public void A_scaled_loss_gives_the_same_step()
    {
        using var scope = NewDisposeScope();
        var (plain, scaled) = (new Parameter(ones(3)), new Parameter(ones(3)));
        using var one = Optimizer(plain);
        using var other = Optimizer(scaled, new GradientScaler());

        for (var step = 0; step < 3; step++)
        {
            one.Add(plain.pow(3).sum());
            other.Add(scaled.pow(3).sum());
            Assert.Equal(one.Step(1), other.Step(1), 1e-6);
        }

        TensorAssert.Close(plain, scaled, absolute: 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_gradient_that_is_not_finite_changes_nothing_but_the_scale(float factor)
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var optimizer = Optimizer(parameter, new GradientScaler());
        optimizer.Add((parameter * factor).sum());

        var norm = optimizer.Step(1);

        Assert.False(double.IsFinite(norm));
        TensorAssert.Equal(ones(3), parameter);
        Assert.Equal(32768, optimizer.Scaler!.Scale);
        Assert.Equal(0, optimizer.Moments.Single().Moments.Steps);
        optimizer.Add(parameter.sum());
        Assert.Equal(Math.Sqrt(3), optimizer.Step(1), 1e-5); // what could not be followed is forgotten
    }

    [Fact]
    public void Steps_leave_no_tensors_behind()
    {
        using var scope = NewDisposeScope();
        var parameter = new Parameter(ones(3));
        using var optimizer = Optimizer(parameter);

        LeakAssert.NoTensorsLeftBy(() =>
        {
            using (var loss = parameter.sum()) optimizer.Add(loss);
            optimizer.Step(1);
        });
    }

    private static NetworkOptimizer Optimizer(Parameter parameter, GradientScaler? scaler = null) =>
        new([Group(parameter)], rate: 0.1, weightDecay: 0, maxNorm: double.PositiveInfinity) { Scaler = scaler };

    private static ParameterGroup Group(Parameter parameter, double factor = 1, bool decays = false) => new([new("weight", parameter)], factor, decays);
}
