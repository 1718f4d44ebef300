using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

/// <summary>Values and gradients against torchvision's, within a few times torchvision's own rounding.</summary>
public class LossGoldenTests
{
    private const double RoundingFactor = 4;

    [SharedTheory("golden/numerics/focal")]
    [InlineData("numerics/focal/a025_g2")]
    [InlineData("numerics/focal/a025_g0")]
    [InlineData("numerics/focal/a05_g15")]
    [InlineData("numerics/focal/noalpha_g2")]
    public void Focal_loss_agrees_with_torchvision(string name)
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared(name);
        var loss = new FocalLoss(golden.Number("alpha") is >= 0 and var alpha ? alpha : null, golden.Number("gamma"));
        var logits = golden["inputs"].requires_grad_(true);

        var actual = loss.PerPair(logits, golden["targets"]);
        actual.backward([golden["grad_out"]]);

        TensorAssert.Close(golden["out_none"], actual, RoundingFactor * golden.Rounding("out"));
        TensorAssert.Close(golden["grad_inputs"], logits.grad!, RoundingFactor * golden.Rounding("grad_inputs"));
    }

    [SharedFact("golden/numerics/box_loss")]
    public void GIoU_loss_agrees_with_torchvision()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/box_loss/giou");
        var boxes = golden["boxes1"].requires_grad_(true);

        var actual = GiouLoss.PerBox(boxes, golden["boxes2"]);
        actual.backward([golden["grad_out"]]);

        TensorAssert.Close(golden["out_none"], actual, RoundingFactor * golden.Rounding("out"));
        TensorAssert.Close(golden["grad_boxes1"], boxes.grad!, RoundingFactor * golden.Rounding("grad_boxes1"));
    }
}
