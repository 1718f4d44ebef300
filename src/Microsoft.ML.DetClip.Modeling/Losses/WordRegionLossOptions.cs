namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How image-text pairs teach: which regions of an image meet which words, and what is contrasted with what. DetCLIPv2, section 3.2.</summary>
/// <remarks>What the paper tried in its ablations is a setting. Every default is the paper's; where it states none, the setting says so.</remarks>
public sealed record WordRegionLossOptions
{
    /// <summary>What makes a location a proposal.</summary>
    public ProposalScore ProposalScore { get; init; } = ProposalScore.BatchText;

    /// <summary>k: proposals of an image. Fewer where an image has fewer locations after suppression.</summary>
    public int Proposals { get; init; } = 100;

    /// <summary>Of two proposals whose IoU is above this, the one with the lower score is dropped; 1 keeps both.</summary>
    /// <remarks>The paper does not state it; 0.6 is what ATSS suppresses its detections with.</remarks>
    public double ProposalIouThreshold { get; init; } = 0.6;

    /// <summary>Which regions a concept is compared with.</summary>
    public WordRegionMatching Matching { get; init; } = WordRegionMatching.OneToOne;

    /// <summary>Temperature of the softmax in <see cref="WordRegionMatching.OneToMany"/>, above 0; near 0 it becomes one to one.</summary>
    /// <remarks>The paper does not state it; 1 is a plain softmax.</remarks>
    public double MatchingTemperature { get; init; } = 1;

    /// <summary>How the similarities of a text's concepts make one score. The paper says "aggregate"; the mean is that of FILIP, on which it builds.</summary>
    public ConceptAggregation Aggregation { get; init; } = ConceptAggregation.Mean;

    /// <summary>Whether words look for regions, regions for words, or both.</summary>
    public ContrastDirection Direction { get; init; } = ContrastDirection.TextToImage;

    /// <summary>What the right answer is contrasted with. The paper's words allow two readings.</summary>
    public ContrastCandidates Candidates { get; init; } = ContrastCandidates.Retrieved;

    /// <summary>τ, which divides scores before the softmax: its value, or its first value where it is learned. Above 0.</summary>
    public double Temperature { get; init; } = 0.5;

    /// <summary>Learns τ; the paper keeps it.</summary>
    public bool LearnTemperature { get; init; }

    /// <summary>Share of the target that is spread over all candidates, 0 to below 1.</summary>
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>λ: what the loss counts beside that of images with boxes. 0 or more.</summary>
    public double Weight { get; init; } = 0.1;

    /// <summary>Most similarities of regions and concepts that exist at one time, at least those of one image. It changes memory and time, not the result.</summary>
    /// <remarks>About six tensors of this size are held.</remarks>
    public long BlockElements { get; init; } = 1 << 24;

    /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
    internal WordRegionLossOptions Checked() => Check().ThrowIfAny(this);

    internal OptionsCheck Check() => new OptionsCheck()
        .Defined(ProposalScore).Defined(Matching).Defined(Aggregation).Defined(Direction).Defined(Candidates)
        .AtLeast(1, Proposals).Between(ProposalIouThreshold, 0, 1)
        .Positive(MatchingTemperature).Positive(Temperature)
        .That(LabelSmoothing is >= 0 and < 1, LabelSmoothing, "0 to below 1")
        .That(Weight >= 0 && double.IsFinite(Weight), Weight, "0 or more")
        .AtLeast(1, BlockElements);
}

/// <summary>What makes a location a proposal; no gradient flows through the choice.</summary>
public enum ProposalScore
{
    /// <summary>Similarity with the nearest concept of all texts of this process's batch: what the words speak of, and what can be mistaken for it.</summary>
    BatchText,

    /// <summary>Similarity with the nearest concept of the image's own text.</summary>
    OwnText,

    /// <summary>Probability of the nearest concept of the batch, times centerness.</summary>
    BatchTextTimesCenterness,

    /// <summary>Centerness.</summary>
    Centerness,

    /// <summary>Probability of an object; needs <see cref="HeadConfig.Foreground"/>.</summary>
    Foreground,

    /// <summary>Predicted IoU with an object; needs <see cref="HeadConfig.PredictedIoU"/>.</summary>
    PredictedIoU,
}

/// <summary>Which regions a concept is compared with.</summary>
public enum WordRegionMatching
{
    /// <summary>The most similar one.</summary>
    OneToOne,

    /// <summary>All, weighted by a softmax of their similarities.</summary>
    OneToMany,

    /// <summary>The proposal with the largest box, and of the text only the caption: Detic's way (Zhou et al. 2022).</summary>
    LargestBox,
}

/// <summary>How several similarities make one score.</summary>
public enum ConceptAggregation
{
    /// <summary>Their mean: texts of few and of many concepts count alike.</summary>
    Mean,

    /// <summary>Their sum.</summary>
    Sum,
}

/// <summary>Who looks for a match.</summary>
public enum ContrastDirection
{
    /// <summary>Each concept of a text finds its region: nothing is asked of regions that no word names.</summary>
    TextToImage,

    /// <summary>Each region of an image finds its concept.</summary>
    ImageToText,

    /// <summary>The mean of both losses.</summary>
    Both,
}

/// <summary>Over what the softmax runs.</summary>
public enum ContrastCandidates
{
    /// <summary>What the direction looks for, as in FILIP: from text to image, all images for one text; from image to text, all texts for one image.</summary>
    Retrieved,

    /// <summary>All images for one text, whatever the direction.</summary>
    Images,

    /// <summary>All texts for one image, whatever the direction.</summary>
    Texts,
}
