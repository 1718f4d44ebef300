using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The loss on detection data: alignment of regions and concepts, boxes, and centerness. DetCLIPv2, section 3.2; weights of ATSS.</summary>
/// <remarks>N images, L locations of an image, K concepts of the batch, G boxes of the batch. The paper names its weights α and β twice, in conflict; both fit 2 for boxes, 1 for centerness.</remarks>
/// <param name="BoxWeight">Weight of the boxes' GIoU loss.</param>
/// <param name="CenternessWeight">Weight of the centerness loss.</param>
internal sealed record DetectionLoss(double BoxWeight = 2, double CenternessWeight = 1)
{
    /// <summary>Settings of the alignment loss.</summary>
    public FocalLoss Alignment { get; init; } = new();

    /// <summary>Decides which locations answer for which box.</summary>
    public AtssAssigner Assigner { get; init; } = new();

    /// <summary>Reads the network's box deltas.</summary>
    public DeltaBoxCoder Coder { get; init; } = new();

    /// <summary>The weighted loss and its parts.</summary>
    /// <param name="output">What the network said about the images.</param>
    /// <param name="logits">Similarity of every location and every concept of the batch, float [N, L, K].</param>
    /// <param name="targets">What the images show.</param>
    public DetectionLossParts Compute(HeadOutput<Tensor> output, Tensor logits, DetectionTargets targets)
    {
        using var scope = NewDisposeScope();
        var assigned = Assigner.Assign(output.Anchors, LocationsPerLevel(output), targets.Boxes, targets.Images);
        var truth = targets.Boxes[assigned.Boxes];                                              // [P, 4]
        var anchors = output.Anchors[assigned.Locations.remainder(output.Anchors.shape[0])];    // [P, 4]
        var centerness = CenternessLoss.Targets(BoxTensors.Centers(anchors), truth);            // [P]

        var alignment = Alignment.PerPositive(logits.flatten(0, 1), assigned.Locations, targets.Concepts[assigned.Boxes]);
        var predicted = Coder.Decode(anchors, output.Deltas.flatten(0, 1)[assigned.Locations]); // [P, 4]
        var boxes = GiouLoss.Mean(predicted, truth, centerness);
        var centers = CenternessLoss.Mean(output.Centerness.flatten()[assigned.Locations], centerness);

        return new DetectionLossParts(alignment + BoxWeight * boxes + CenternessWeight * centers, alignment, boxes, centers, assigned.Count).MoveToOuterDisposeScope();
    }

    private static int[] LocationsPerLevel(HeadOutput<Tensor> output) => [.. output.Levels.Select(map => (int)(map.shape[2] * map.shape[3]))];
}
