using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class DeltaBoxCoderTests
{
    [SharedFact("golden/numerics/coder")]
    public void Coding_agrees_with_torchvision()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/coder/delta_w10_10_5_5"); // weights 10 and 5 are deviations 0.1 and 0.2
        var coder = new DeltaBoxCoder();

        TensorAssert.Close(golden["encoded"], coder.Encode(golden["anchors"], golden["gt"]), absolute: 1e-5, relative: 1e-5);
        TensorAssert.Close(golden["decoded"], coder.Decode(golden["anchors"], golden["deltas"]), absolute: 1e-3, relative: 1e-5);
    }

    [Fact]
    public void Decoding_in_training_is_decoding_in_the_detector()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(1);
        var anchors = Scene.ToTensor(Scene.Boxes(new Random(1), 50, 300, 200));
        var deltas = randn(1, 50, 4) * 20; // far beyond both limits of growth

        TensorAssert.Close(TorchOps.Inference.DecodeBoxes(anchors, deltas)[0], new DeltaBoxCoder().Decode(anchors, deltas[0]), absolute: 1e-3, relative: 1e-5);
    }

    [Fact]
    public void Decoding_undoes_encoding()
    {
        using var scope = NewDisposeScope();
        var (anchors, boxes) = (Scene.Boxes(new Random(1), 50, 300, 200), Scene.Boxes(new Random(2), 50, 300, 200));
        var coder = new DeltaBoxCoder();

        var decoded = coder.Decode(Scene.ToTensor(anchors), coder.Encode(Scene.ToTensor(anchors), Scene.ToTensor(boxes)));

        TensorAssert.Close(Scene.ToTensor(boxes), decoded, absolute: 1e-2);
    }

    [Fact]
    public void Deltas_of_zero_are_the_anchor()
    {
        using var scope = NewDisposeScope();
        var anchors = Scene.ToTensor(Scene.Boxes(new Random(3), 5, 100, 100));

        TensorAssert.Close(anchors, new DeltaBoxCoder().Decode(anchors, zeros(5, 4)), absolute: 1e-4);
    }

    [Fact]
    public void Growth_is_bounded()
    {
        using var scope = NewDisposeScope();

        var decoded = new DeltaBoxCoder().Decode(tensor(new float[] { 0, 0, 2, 2 }).view(1, 4), tensor(new float[] { 0, 0, 1000, 1000 }).view(1, 4));

        TensorAssert.Close(tensor(new float[] { -61.5f, -61.5f, 63.5f, 63.5f }).view(1, 4), decoded, absolute: 1e-3);
    }
}
