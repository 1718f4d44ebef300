using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Chooses the regions that words are compared with: an image's best locations by some score, after suppression. DetCLIPv2, section 3.2.</summary>
/// <remarks>N images, L locations of an image, U concepts, k proposals. No gradient flows through the choice: it flows through what was chosen.</remarks>
/// <param name="options">Score, threshold of the suppression, and k.</param>
internal sealed class ProposalSelector(WordRegionLossOptions options)
{
    private readonly SelectionOptions _suppression = new()
    {
        ScoreThreshold = float.NegativeInfinity, IouThreshold = options.ProposalIouThreshold, MaxDetections = options.Proposals,
    };

    /// <summary>Reads the network's box deltas.</summary>
    public DeltaBoxCoder Coder { get; init; } = new();

    /// <param name="output">What the network said about the images.</param>
    /// <param name="texts">The texts of the batch.</param>
    /// <param name="logits">What makes logits of embeddings.</param>
    /// <exception cref="ArgumentException">The score is an output that the head does not have.</exception>
    public Proposals Select(HeadOutput<Tensor> output, PairTexts texts, LogitFunction logits)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var scores = Rows<float>(Scores(output, texts, logits));            // N times [L]
        var boxes = Rows<Box>(Boxes(output));                               // N times [L]
        var chosen = new int[scores.Length][];
        Parallel.For(0, chosen.Length, i =>
            chosen[i] = [.. NonMaximumSuppression.Select(boxes[i], scores[i], _suppression).Select(kept => kept.Region)]);
        return Padded(chosen, boxes, output.Centerness.device).MoveToOuterDisposeScope();
    }

    /// <summary>What locations are ranked by: the higher the better, [N, L]. Comparable within an image only.</summary>
    private Tensor Scores(HeadOutput<Tensor> output, PairTexts texts, LogitFunction logits) => options.ProposalScore switch
    {
        ProposalScore.BatchText => NearestConcept(output, texts, logits, ownOnly: false),
        ProposalScore.OwnText => NearestConcept(output, texts, logits, ownOnly: true),
        // The logarithm of the product, which does not round to 0 or 1.
        ProposalScore.BatchTextTimesCenterness =>
            nn.functional.logsigmoid(NearestConcept(output, texts, logits, ownOnly: false)).Plus(nn.functional.logsigmoid(output.Centerness)),
        ProposalScore.Centerness => output.Centerness,
        ProposalScore.Foreground => output.Foreground ?? throw Missing(nameof(HeadConfig.Foreground)),
        _ => output.IoU ?? throw Missing(nameof(HeadConfig.PredictedIoU)),
    };

    /// <summary>Logit of each location's nearest concept: image by image, so that no more than L·U logits exist at one time. [N, L]</summary>
    private static Tensor NearestConcept(HeadOutput<Tensor> output, PairTexts texts, LogitFunction logits, bool ownOnly)
    {
        var members = texts.Local(output.Embeddings.shape[0]);                // [N, M]
        var ofBatch = ownOnly ? null : Concepts(texts, members);              // [U', D]
        return stack([.. Enumerable.Range(0, (int)members.shape[0]).Select(i =>
        {
            using var scope = NewDisposeScope();
            var all = logits.Compute(output.Embeddings[i], ofBatch ?? Concepts(texts, members[i])); // [L, U']
            return all.amax([-1]).MoveToOuterDisposeScope();                  // [L]
        })]);
    }

    private static Tensor Concepts(PairTexts texts, Tensor members) =>
        texts.Concepts.index_select(0, members[members.ge(Number(0))].unique().output);

    /// <summary>Boxes of all locations, cut to the network's input: [N, L, 4].</summary>
    private Tensor Boxes(HeadOutput<Tensor> output)
    {
        var (height, width) = (output.Levels[0].shape[2] * FeaturePyramid.Strides[0], output.Levels[0].shape[3] * FeaturePyramid.Strides[0]);
        var corner = tensor(new float[] { width, height, width, height }, device: output.Deltas.device);
        return Coder.Decode(output.Anchors, output.Deltas).to(float32).minimum(corner).clamp(min: Number(0));
    }

    private static T[][] Rows<T>(Tensor x) where T : unmanaged =>
        [.. x.to(float32).cpu().contiguous().unbind(0).Select(row => MemoryMarshal.Cast<float, T>(row.data<float>().ToArray()).ToArray())];

    private static Proposals Padded(int[][] chosen, Box[][] boxes, Device device)
    {
        // At least one place: an image whose scores are all NaN makes the loss no number, which is seen, instead of an empty maximum, which is not understood.
        var places = Math.Max(1, chosen.Max(c => c.Length));
        var locations = new long[chosen.Length * places];
        var valid = new bool[locations.Length];
        var largest = new long[chosen.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            for (var place = 0; place < chosen[i].Length; place++)
                (locations[i * places + place], valid[i * places + place]) = (chosen[i][place], true);
            if (chosen[i].Length > 0) largest[i] = Enumerable.Range(0, chosen[i].Length).MaxBy(place => boxes[i][chosen[i][place]].Area);
        }
        long[] shape = [chosen.Length, places];
        return new(tensor(locations, shape, device: device), tensor(valid, shape, device: device), tensor(largest, device: device));
    }

    private static ArgumentException Missing(string output) => new(
        $"Proposals cannot be ranked: the network's head has no output '{output}'. " +
        $"Set Head.{output} in its configuration and train it on images with boxes, or choose another ProposalScore.");
}
