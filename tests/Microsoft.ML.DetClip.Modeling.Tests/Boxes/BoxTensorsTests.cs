using Microsoft.ML.DetClip.Testing;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling.Tests;

public class BoxTensorsTests
{
    [SharedFact("golden/numerics/box_loss")]
    public void Overlaps_of_all_pairs_agree_with_torchvision()
    {
        using var scope = NewDisposeScope();
        var golden = Golden.Shared("numerics/box_loss/pairwise_iou");
        var (a, b) = (golden["boxes1"].unsqueeze(1), golden["boxes2"].unsqueeze(0)); // [17, 1, 4], [1, 23, 4]

        TensorAssert.Close(golden["box_iou"], BoxTensors.IoU(a, b), absolute: 1e-6);
        TensorAssert.Close(golden["generalized_box_iou"], BoxTensors.GeneralizedIoU(a, b), absolute: 1e-6);
    }

    [Fact]
    public void IoU_agrees_with_the_box_type()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Scene.Boxes(new Random(1), 100, 90, 70), Scene.Boxes(new Random(2), 100, 90, 70));

        TensorAssert.Close(tensor(a.Zip(b, (x, y) => x.IoU(y)).ToArray()), BoxTensors.IoU(Scene.ToTensor(a), Scene.ToTensor(b)), absolute: 1e-6);
    }

    [Fact]
    public void Generalised_IoU_is_symmetric_and_between_minus_one_and_IoU()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (Scene.ToTensor(Scene.Boxes(new Random(3), 100, 90, 70)), Scene.ToTensor(Scene.Boxes(new Random(4), 100, 90, 70)));
        var giou = BoxTensors.GeneralizedIoU(a, b);

        TensorAssert.Close(giou, BoxTensors.GeneralizedIoU(b, a), absolute: 1e-6);
        Assert.True((giou >= -1).all().item<bool>());
        Assert.True((giou <= BoxTensors.IoU(a, b) + 1e-6).all().item<bool>());
        TensorAssert.Close(ones(100), BoxTensors.GeneralizedIoU(a, a), absolute: 1e-6);
    }

    [Fact]
    public void Empty_boxes_have_no_overlap()
    {
        using var scope = NewDisposeScope();
        var point = tensor(new float[] { 5, 5, 5, 5 }).view(1, 4);

        TensorAssert.Equal(zeros(1), BoxTensors.IoU(point, point));
    }
}
