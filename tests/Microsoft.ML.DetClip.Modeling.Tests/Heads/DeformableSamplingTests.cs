using System.Text.Json;
using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Against torchvision.ops.deform_conv2d, an ordinary convolution, and finite differences.</summary>
public class DeformableSamplingTests
{
    public static TheoryData<string> Variants { get; } =
    [
        "dcn1_3x3_nomask", "dcn2_1x1", "dcn2_3x3_mask", "dcn2_3x3_s2_groups", "dcn2_3x5_d2_asym", "dcn2_far_offsets",
        "dcn2_integer_and_border_offsets", "dcn2_offset_groups4",
    ];

    [SharedTheory("golden/numerics/deform_conv2d")]
    [MemberData(nameof(Variants))]
    public void Agrees_with_torchvision_in_values_and_gradients(string variant)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/deform_conv2d/" + variant);
        var inputs = Inputs(golden, float32);

        var y = Convolve(golden, inputs);
        y.backward([golden["grad_out"]]);

        GoldenAssert.Close(golden, "out", y);
        foreach (var (name, value) in inputs) GoldenAssert.Close(golden, "grad_" + name, value.grad!);
    }

    [SharedTheory("golden/numerics/deform_conv2d")]
    [MemberData(nameof(Variants))]
    public void Stock_operators_agree_too(string variant)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/deform_conv2d/" + variant);
        var inputs = Inputs(golden, float32);

        var y = Convolve(golden, inputs, kernel: false);
        y.backward([golden["grad_out"]]);

        GoldenAssert.Close(golden, "out", y);
        foreach (var (name, value) in inputs) GoldenAssert.Close(golden, "grad_" + name, value.grad!);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 3)]
    public void The_kernel_and_stock_operators_agree(int batch, int offsetGroups)
    {
        using var scope = NewDisposeScope();
        var taps = 9 * offsetGroups;
        Tensor[] inputs = [randn(batch, 12, 7, 10), 3 * randn(batch, 2 * taps, 7, 10), randn(batch, taps, 7, 10), randn(4, 12, 3, 3)];
        foreach (var input in inputs) input.requires_grad_();
        var weight = randn(batch, 4, 7, 10);
        (Tensor Value, Tensor[] Gradients) Run(bool kernel)
        {
            var y = DeformableSampling.Convolve(inputs[0], inputs[1], inputs[2], inputs[3], null, DeformableGeometry.Same3x3, kernel);
            return (y, [.. autograd.grad([y], inputs, [weight])]);
        }

        var (fast, plain) = (Run(kernel: true), Run(kernel: false));

        TensorAssert.Close(plain.Value, fast.Value, absolute: 1e-5, relative: 1e-5);
        foreach (var (e, a) in plain.Gradients.Zip(fast.Gradients)) TensorAssert.Close(e, a, absolute: 1e-4, relative: 1e-5);
    }

    [Fact]
    public void Nothing_is_left_behind_forward_and_back() => LeakAssert.NoTensorsLeftBy(() =>
    {
        using var scope = NewDisposeScope();
        var (x, offsets, mask, weight) = (randn(2, 4, 6, 6).requires_grad_(), randn(2, 18, 6, 6).requires_grad_(), randn(2, 9, 6, 6), randn(4, 4, 3, 3));
        DeformableSampling.Convolve(x, offsets, mask, weight, null, DeformableGeometry.Same3x3).sum().backward();
    });

    [SharedTheory("golden/numerics/deform_conv2d")]
    [MemberData(nameof(Variants))]
    public void Gradients_are_those_of_finite_differences_in_float64(string variant)
    {
        const double Step = 1e-6;
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/deform_conv2d/" + variant);
        var inputs = Inputs(golden, float64);
        if (variant.Contains("integer")) inputs["offset"].detach().add_(0.3); // the sampled surface has creases at integers
        Convolve(golden, inputs).backward([golden["grad_out"].to(float64)]);

        foreach (var (name, value) in inputs)
        {
            using var frozen = no_grad();
            var direction = randn(value.shape, float64);
            var expected = (value.grad! * direction).sum().item<double>();
            double Loss(double by) => (Convolve(golden, new(inputs) { [name] = value + direction * by }) * golden["grad_out"]).sum().item<double>();
            var difference = (Loss(Step) - Loss(-Step)) / (2 * Step);
            Assert.Equal(expected, difference, 1e-6 * Math.Max(1, Math.Abs(expected)));
        }
    }

    [Theory]
    [InlineData(1, 9, 12)]
    [InlineData(3, 1, 1)]
    public void Without_offsets_and_with_open_masks_it_is_a_convolution(int batch, int height, int width)
    {
        using var scope = NewDisposeScope();
        var (x, weight, bias) = (randn(batch, 4, height, width), new TorchSharp.Modules.Parameter(randn(5, 4, 3, 3)), new TorchSharp.Modules.Parameter(randn(5)));
        var steering = cat([zeros(batch, 18, height, width), full([batch, 9, height, width], 40f)], 1);

        var y = TorchOps.Inference.DeformConv2d(x, steering, weight, bias);

        TensorAssert.Close(nn.functional.conv2d(x, weight, bias, padding: [1, 1]), y, absolute: 2e-5);
    }

    [Fact]
    public void A_whole_offset_moves_the_map()
    {
        using var scope = NewDisposeScope();
        var (x, weight) = (randn(1, 2, 8, 8), randn(3, 2, 3, 3));
        var downBy2 = zeros(1, 18, 8, 8);
        downBy2.slice(1, 0, 18, 2).fill_(2);

        var y = DeformableSampling.Convolve(x, downBy2, null, weight, null, DeformableGeometry.Same3x3);

        var moved = nn.functional.pad(x.narrow(2, 2, 6), [0, 0, 0, 2]);
        var expected = nn.functional.conv2d(moved, weight, padding: [1, 1]);
        TensorAssert.Close(expected.narrow(2, 1, 7), y.narrow(2, 1, 7), absolute: 2e-5); // the first row differs: it sees rows that the moved map lost
    }

    private static Dictionary<string, Tensor> Inputs(Golden golden, ScalarType type) =>
        new[] { "input", "offset", "mask", "weight", "bias" }.Where(golden.Tensors.ContainsKey).ToDictionary(n => n, n => golden[n].to(type).detach().requires_grad_());

    private static Tensor Convolve(Golden golden, Dictionary<string, Tensor> inputs, bool? kernel = null)
    {
        var geometry = new DeformableGeometry(Pair(golden, "stride"), Pair(golden, "padding"), Pair(golden, "dilation"), (int)golden.Number("groups"));
        var (x, mask, bias) = (inputs["input"], inputs.GetValueOrDefault("mask"), inputs.GetValueOrDefault("bias"));
        return DeformableSampling.Convolve(x, inputs["offset"], mask, inputs["weight"], bias, geometry, kernel ?? DeformableKernel.CanRead(x));
    }

    private static (int Y, int X) Pair(Golden golden, string key)
    {
        var values = JsonSerializer.Deserialize<int[]>(golden.Metadata[key])!;
        return (values[0], values[1]);
    }
}
