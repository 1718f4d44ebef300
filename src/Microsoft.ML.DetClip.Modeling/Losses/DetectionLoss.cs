using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The loss on images with boxes: alignment of regions and concepts, boxes, and centerness. DetCLIPv2, section 3.2; weights of ATSS.</summary>
/// <remarks>
/// N images, L locations of an image, K concepts of the batch, G boxes of the batch, P locations that answer for a box.
/// The paper names its weights α and β twice, in conflict; both fit 2 for boxes, 1 for centerness.
/// A part whose weight is 0 is not computed: it is 0 and reaches no parameter.
/// </remarks>
/// <param name="BoxWeight">Weight of the boxes' GIoU loss.</param>
/// <param name="CenternessWeight">Weight of the centerness loss.</param>
internal sealed record DetectionLoss(double BoxWeight = 2, double CenternessWeight = 1)
{
    /// <summary>The loss on grounding data, whose boxes are inexact: alignment alone. The paper drops the box loss; whether centerness stays it does not say.</summary>
    public static DetectionLoss Grounding { get; } = new(BoxWeight: 0, CenternessWeight: 0) { ProposalWeight = 0 };

    /// <summary>Weight of what <see cref="HeadConfig.Foreground"/> and <see cref="HeadConfig.PredictedIoU"/> learn, where the head has them.</summary>
    public double ProposalWeight { get; init; } = 1;

    /// <summary>Settings of the alignment loss.</summary>
    public AlignmentLoss Alignment { get; init; } = new();

    /// <summary>Decides which locations answer for which box.</summary>
    public AtssAssigner Assigner { get; init; } = new();

    /// <summary>Reads the network's box deltas.</summary>
    public DeltaBoxCoder Coder { get; init; } = new();

    /// <summary>The weighted loss and its parts, from logits that are there already.</summary>
    /// <param name="output">What the network said about the images.</param>
    /// <param name="logits">Similarity of every location and every concept of the batch, float [N, L, K].</param>
    /// <param name="targets">What the images show.</param>
    public DetectionLossParts Compute(HeadOutput<Tensor> output, Tensor logits, DetectionTargets targets) =>
        Compute(output, targets, (positives, shown) => Alignment.Focal.PerPositive(logits.flatten(0, 1), positives, shown));

    /// <summary>The weighted loss and its parts, for any number of concepts: logits are made block by block.</summary>
    /// <param name="output">What the network said about the images.</param>
    /// <param name="concepts">Embeddings of the concepts of the batch, float [K, D].</param>
    /// <param name="logits">What makes logits of embeddings.</param>
    /// <param name="targets">What the images show.</param>
    public DetectionLossParts Compute(HeadOutput<Tensor> output, Tensor concepts, LogitFunction logits, DetectionTargets targets) =>
        Compute(output, targets, (positives, shown) => Alignment.PerPositive(output.Embeddings.flatten(0, 1), concepts, logits, positives, shown));

    private DetectionLossParts Compute(HeadOutput<Tensor> output, DetectionTargets targets, Func<Tensor, Tensor, Tensor> align)
    {
        using var scope = NewDisposeScope();
        var assigned = Assigner.Assign(output.Anchors, LocationsPerLevel(output), targets.Boxes, targets.Images);
        var positives = assigned.Locations;
        var truth = targets.Boxes[assigned.Boxes];                                       // [P, 4]
        var anchors = output.Anchors[positives.remainder(Number(output.Anchors.shape[0]))];      // [P, 4]
        var centerness = CenternessLoss.Targets(BoxTensors.Centers(anchors), truth);     // [P]
        var predicted = Coder.Decode(anchors, output.Deltas.flatten(0, 1)[positives]);   // [P, 4]

        var alignment = align(positives, targets.Concepts[assigned.Boxes]);
        var boxes = BoxWeight == 0 ? Zero(output) : GiouLoss.Mean(predicted, truth, centerness);
        var centers = CenternessWeight == 0 ? Zero(output) : CenternessLoss.Mean(output.Centerness.flatten()[positives], centerness);
        var proposals = ProposalWeight == 0 ? Zero(output) : Foreground(output, positives).Plus(IoU(output, positives, predicted, truth));

        var total = alignment.Plus(Number(BoxWeight) * boxes).Plus(Number(CenternessWeight) * centers).Plus(Number(ProposalWeight) * proposals);
        return new DetectionLossParts(total, alignment, boxes, centers, assigned.Count) { Proposals = proposals }.MoveToOuterDisposeScope();
    }

    private Tensor Foreground(HeadOutput<Tensor> output, Tensor positives) => output.Foreground is { } logits
        ? Alignment.Focal.PerPositive(logits.flatten().unsqueeze(1), positives, zeros_like(positives))
        : Zero(output);

    private static Tensor IoU(HeadOutput<Tensor> output, Tensor positives, Tensor predicted, Tensor truth) => output.IoU is { } logits
        ? CenternessLoss.Mean(logits.flatten()[positives], BoxTensors.IoU(predicted.detach(), truth))
        : Zero(output);

    private static Tensor Zero(HeadOutput<Tensor> output) => zeros([], output.Deltas.dtype, output.Deltas.device);

    private static int[] LocationsPerLevel(HeadOutput<Tensor> output) => [.. output.Levels.Select(map => (int)(map.shape[2] * map.shape[3]))];
}
