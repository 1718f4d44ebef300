using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Adaptive training sample selection: decides which locations learn from which box. Zhang et al. 2020, algorithm 1.</summary>
/// <remarks>
/// L locations over all levels, G boxes over all images of the batch, C candidates of a box, P positive locations.
/// On each level the k anchors nearest to a box are its candidates. Those whose IoU with the box is at least the mean plus the standard deviation
/// of its candidates' IoUs, and whose centre lies inside it, become its positives. A location wanted by several boxes goes to the one with the highest IoU.
/// Every box is handled by itself until that last step, so boxes of several images need no padding.
/// </remarks>
/// <param name="candidatesPerLevel">k; 9 in ATSS and in DetCLIPv2.</param>
internal sealed class AtssAssigner(int candidatesPerLevel = 9)
{
    // An anchor's centre must be this far inside the box, in pixels; 0.01 in the authors' code.
    private const double InsideMargin = 0.01;

    /// <summary>Assigns the locations of a batch. No gradient flows through the choice.</summary>
    /// <param name="anchors">Corners of each location's anchor in pixels, level after level; the same for all images: float [L, 4].</param>
    /// <param name="locationsPerLevel">Number of locations of each level; they sum to L.</param>
    /// <param name="boxes">Corners of the boxes of all images in pixels, in any order: float [G, 4].</param>
    /// <param name="images">For each box, the index of its image in the batch: int64 [G].</param>
    public AtssAssignment Assign(Tensor anchors, IReadOnlyList<int> locationsPerLevel, Tensor boxes, Tensor images)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (boxes.shape[0] == 0) return Keep(new(Empty(boxes), Empty(boxes)));

        var candidates = Candidates(anchors, locationsPerLevel, boxes);                     // [G, C]
        var (iou, positive) = Judge(anchors[candidates], boxes.unsqueeze(1));               // [G, C]
        var locations = (images.unsqueeze(1) * Number(anchors.shape[0])).Plus(candidates)[positive];    // [P']
        var owners = Range(boxes.shape[0], int64, boxes.device).unsqueeze(1).expand_as(candidates)[positive];

        return Keep(HighestIoU(locations, owners, iou[positive]));
    }

    // Indices of the k nearest anchors on every level, [G, C].
    private Tensor Candidates(Tensor anchors, IReadOnlyList<int> locationsPerLevel, Tensor boxes)
    {
        var distances = SquaredDistances(BoxTensors.Centers(boxes), BoxTensors.Centers(anchors)); // [G, L]
        var chosen = new List<Tensor>(locationsPerLevel.Count);
        var start = 0;
        foreach (var count in locationsPerLevel)
        {
            var level = distances.narrow(1, start, count);
            chosen.Add(level.topk(Math.Min(candidatesPerLevel, count), dim: 1, largest: false).indexes.Plus(start));
            start += count;
        }
        return cat(chosen, dim: 1);
    }

    private static Tensor SquaredDistances(Tensor from, Tensor to) =>
        (from.unsqueeze(1) - to.unsqueeze(0)).Squared().sum(-1); // [G, 1, 2] − [1, L, 2] → [G, L]

    private static (Tensor IoU, Tensor Positive) Judge(Tensor candidates, Tensor boxes)
    {
        var iou = BoxTensors.IoU(candidates, boxes);                                         // [G, C]
        var deviation = iou.std(1, unbiased: true, keepdim: true).nan_to_num(nan: 0);        // NaN for a single candidate
        var threshold = iou.mean([1], keepdim: true).Plus(deviation);                           // [G, 1]
        var inside = BoxTensors.EdgeDistances(BoxTensors.Centers(candidates), boxes).amin([-1]) > Number(InsideMargin);
        return (iou, (iou >= threshold) & inside);
    }

    // Sorted by location, and within a location by falling IoU, the first of each run is the winner.
    private static AtssAssignment HighestIoU(Tensor locations, Tensor owners, Tensor iou)
    {
        var byIoU = iou.sort(dim: 0, descending: true, stable: true).Indices;
        var order = byIoU[locations[byIoU].sort(dim: 0, stable: true).Indices];
        var sorted = locations[order];
        var first = sorted.diff(prepend: full(1, Number(-1), ScalarType.Int64, sorted.device)) != Number(0);
        return new(sorted[first], owners[order][first]);
    }

    private static Tensor Empty(Tensor like) => empty(0, dtype: ScalarType.Int64, device: like.device);

    private static AtssAssignment Keep(AtssAssignment assignment)
    {
        assignment.Locations.MoveToOuterDisposeScope();
        assignment.Boxes.MoveToOuterDisposeScope();
        return assignment;
    }
}
