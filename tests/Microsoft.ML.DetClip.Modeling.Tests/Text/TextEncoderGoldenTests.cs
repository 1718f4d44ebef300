using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Against the text encoder of the original CLIP code; parameter names are equal by design.</summary>
public class TextEncoderGoldenTests
{
    private static readonly TextEncoderConfig Small = new() { Vocabulary = 600, Length = 16, Layers = 3, Width = 64, Heads = 4 };

    [SharedFact("golden/numerics/misc")]
    public void Sentence_embeddings_and_gradients_agree()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/misc/clip_text_small");
        var encoder = new TextEncoder(Small, embeddingWidth: 32);
        Load(golden, encoder, prefix: "w.");

        var y = encoder.Forward(TorchOps.Training, golden["tokens"]);
        y.backward([golden["grad_out"]]);

        GoldenAssert.CloseToScale(golden["out"], y);
        foreach (var (name, expected) in golden.Tensors.Where(t => t.Key.StartsWith("grad.")))
            GoldenAssert.CloseToScale(expected, encoder.get_parameter(name["grad.".Length..])!.grad!);
    }

    [SharedTheory("golden/numerics/misc")]
    [InlineData(1)]
    [InlineData(2)]
    public void A_block_makes_of_the_one_before_it_what_the_reference_makes(int index)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/misc/clip_text_small");
        var block = new TextBlock(Small);
        Load(golden, block, prefix: $"w.transformer.resblocks.{index}.");

        var y = block.Forward(TorchOps.Inference, golden[$"block{index - 1}_lnd"].transpose(0, 1));

        GoldenAssert.CloseToScale(golden[$"block{index}_lnd"].transpose(0, 1), y);
    }

    [Fact]
    public void What_follows_the_end_mark_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(Small, embeddingWidth: 32);
        var (padded, filled) = (Tokens(598, 7, 8, 599, 0, 0), Tokens(598, 7, 8, 599, 400, 9));

        TensorAssert.Equal(encoder.Forward(TorchOps.Inference, padded), encoder.Forward(TorchOps.Inference, filled));
    }

    [Theory]
    [InlineData(TextPooling.EndMark)]
    [InlineData(TextPooling.Mean)]
    public void A_text_is_encoded_alike_alone_and_among_others(TextPooling pooling)
    {
        using var scope = NewDisposeScope();
        var encoder = new TextEncoder(Small with { Pooling = pooling }, embeddingWidth: 32);
        var (one, other) = (Tokens(598, 7, 8, 599, 0, 0), Tokens(598, 9, 599, 0, 0, 0));

        var together = encoder.Forward(TorchOps.Inference, cat([one, other]));

        TensorAssert.Close(encoder.Forward(TorchOps.Inference, one), together.narrow(0, 0, 1), absolute: 1e-6);
        TensorAssert.Close(encoder.Forward(TorchOps.Inference, other), together.narrow(0, 1, 1), absolute: 1e-6);
    }

    private static Tensor Tokens(params long[] start) => tensor([.. start, .. new long[16 - start.Length]], [1, 16]);

    private static void Load(Golden golden, nn.Module module, string prefix)
    {
        using var frozen = no_grad();
        var parameters = module.named_parameters().ToArray();
        Assert.Equal(golden.Tensors.Keys.Where(k => k.StartsWith(prefix)).Order(), parameters.Select(p => prefix + p.name).Order());
        foreach (var (name, parameter) in parameters) parameter.copy_(golden[prefix + name]);
    }
}
