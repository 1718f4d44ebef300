using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Against torchvision's Swin transformer.</summary>
public class SwinGoldenTests
{
    private const string Narrow = "golden/numerics/swin_narrow/";
    private const string Full = "golden/numerics/swin_t_full/";

    private static readonly SwinConfig NarrowConfig = new() { Channels = 24, Depths = [2, 2, 2, 2], Heads = [3, 3, 6, 12], DropPath = 0 };

    [SharedTheory(Narrow)]
    [InlineData("io0")] // 112×112, whole windows
    [InlineData("io1")] // 64×256, one window covers the height of the last stages
    [InlineData("io2")] // 100×76, odd maps everywhere
    public void Narrow_swin_agrees_in_stages_logits_and_gradients(string inputs)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/swin_narrow/" + inputs);
        var (network, head) = NarrowNetwork();
        var pixels = golden["input"].requires_grad_();

        var stages = network.Stages(TorchOps.Training, pixels);
        var logits = Classify(network, stages[3], head.Weight, head.Bias);
        logits.backward([golden["grad_logits"]]);

        foreach (var (index, stage) in stages.Index()) GoldenAssert.CloseToScale(golden[$"stage{index + 1}_nhwc"], stage);
        TensorAssert.Close(golden["logits"], logits, 4 * golden.Number("logits_fp32_vs_fp64_maxabs"));
        GoldenAssert.CloseToScale(golden["grad_input"], pixels.grad!);
        GoldenAssert.CloseToScale(golden["grad_f0_0_weight"], network.get_parameter("patch_embed.proj.weight")!.grad!);
        GoldenAssert.CloseToScale(golden["grad_f1_1_attn_qkv_weight"], network.get_parameter("layers.0.blocks.1.attn.qkv.weight")!.grad!);
        GoldenAssert.CloseToScale(golden["grad_f1_1_attn_rel_pos_table"], network.get_parameter("layers.0.blocks.1.attn.relative_position_bias_table")!.grad!);
        GoldenAssert.CloseToScale(golden["grad_f2_reduction_weight"], network.get_parameter("layers.0.downsample.reduction.weight")!.grad!);
    }

    [SharedTheory(Full)]
    [InlineData(0)] // 224×224
    [InlineData(1)] // 160×208
    public void Swin_t_agrees_in_stages_and_logits(int index)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var golden = Golden.Shared($"numerics/swin_t_full/io{index}");
        var weights = ProceduralWeights.Load(SharedData.Path(Full + "procedural_weights.json"));
        var network = new SwinTransformer(DetClipVariants.SwinTiny.Backbone);
        foreach (var (name, parameter) in network.named_parameters())
            if (SwinWeightNames.InTorchvision(name).Names is [var theirs]) parameter.copy_(weights[theirs]);

        var stages = network.Stages(TorchOps.Inference, ProceduralWeights.Input(index, [1, 3, .. index == 0 ? new long[] { 224, 224 } : [160, 208]]));
        var logits = Classify(network, stages[3], weights["head.weight"], weights["head.bias"]);

        foreach (var (stage, value) in stages.Index())
            if (golden.Tensors.TryGetValue($"stage{stage + 1}_nhwc", out var expected)) GoldenAssert.CloseToScale(expected, value);
        TensorAssert.Close(golden["logits"], logits, 4 * golden.Number("logits_fp32_vs_fp64_maxabs"));
    }

    /// <summary>What torchvision does after the last stage: norm, mean over positions, linear.</summary>
    private static Tensor Classify(SwinTransformer network, Tensor stage, Tensor weight, Tensor bias)
    {
        var normed = nn.functional.layer_norm(stage, [stage.shape[3]], network.get_parameter("norm3.weight")!, network.get_parameter("norm3.bias")!);
        return nn.functional.linear(normed.mean([1, 2]), weight, bias);
    }

    private static (SwinTransformer Network, (Tensor Weight, Tensor Bias) Head) NarrowNetwork()
    {
        var network = DetClipNetwork.Create(DetClipVariants.Nano with { Backbone = NarrowConfig }, seed: 1);
        var path = SharedData.Path(Narrow + "weights.safetensors");
        using var file = SafeTensorsFile.Open(path);
        WeightImport.Plan(network, file).Apply();
        var golden = Golden.Load(path);
        return (network.Backbone, (golden["w.head.weight"], golden["w.head.bias"]));
    }
}
