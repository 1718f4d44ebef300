namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Every size and choice of the network. Published variants: <see cref="DetClipVariants"/>.</summary>
public sealed record DetClipConfig
{
    /// <summary>The variant's name, such as "swin-t".</summary>
    public required string Variant { get; init; }

    /// <summary>The image encoder.</summary>
    public required SwinConfig Backbone { get; init; }

    /// <summary>Feature pyramid and detection head.</summary>
    public HeadConfig Head { get; init; } = new();

    /// <summary>The text encoder.</summary>
    public TextEncoderConfig Text { get; init; } = new();

    /// <summary>How a region and a concept become a logit.</summary>
    public SimilarityConfig Similarity { get; init; } = new();

    /// <summary>D: width of the space that regions and concepts share. The paper does not state it; 256 is the head's own width.</summary>
    public int EmbeddingWidth { get; init; } = 256;

    /// <summary>Throws when a setting makes no network, naming every such setting, its value and what is allowed.</summary>
    /// <exception cref="ArgumentException">At least one setting is out of its range.</exception>
    internal DetClipConfig Checked()
    {
        var errors = Backbone.Errors().Concat(Head.Errors()).Concat(Text.Errors()).Concat(Similarity.Errors());
        if (EmbeddingWidth < 1) errors = errors.Append($"EmbeddingWidth is {EmbeddingWidth}; it must be positive");
        var all = string.Join("; ", errors);
        return all.Length == 0 ? this : throw new ArgumentException($"Network '{Variant}' cannot be built: {all}.");
    }
}

/// <summary>Sizes of a Swin transformer (Liu et al. 2021, table 7).</summary>
public sealed record SwinConfig
{
    /// <summary>Channels after the patch embedding; each later stage has twice as many.</summary>
    public required int Channels { get; init; }

    /// <summary>Blocks of each of the four stages.</summary>
    public required IReadOnlyList<int> Depths { get; init; }

    /// <summary>Attention heads of each stage; each divides the stage's channels.</summary>
    public required IReadOnlyList<int> Heads { get; init; }

    /// <summary>M: side of an attention window, in positions.</summary>
    public int Window { get; init; } = 7;

    /// <summary>Probability of dropping the last block's branches in training, rising from 0 at the first (DetCLIPv2, appendix B: 0.2).</summary>
    public double DropPath { get; init; } = 0.2;

    internal IEnumerable<string> Errors()
    {
        if (Channels < 1) yield return $"Backbone.Channels is {Channels}; it must be positive";
        if (Depths.Count != 4 || Depths.Any(d => d < 1)) yield return $"Backbone.Depths is [{string.Join(", ", Depths)}]; it must be four positive numbers";
        if (Heads.Count != 4) yield return $"Backbone.Heads is [{string.Join(", ", Heads)}]; it must be four numbers";
        else if (Heads.Where((h, stage) => h < 1 || (Channels << stage) % h != 0).Any())
            yield return $"Backbone.Heads is [{string.Join(", ", Heads)}]; each must divide its stage's channels, {string.Join(", ", Heads.Select((_, s) => Channels << s))}";
        if (Window < 2) yield return $"Backbone.Window is {Window}; it must be 2 or more";
        if (DropPath is not (>= 0 and < 1)) yield return $"Backbone.DropPath is {DropPath}; allowed: 0 to below 1";
    }
}

/// <summary>Sizes of the feature pyramid (Lin et al. 2017) and of the ATSS head (Zhang et al. 2020).</summary>
public sealed record HeadConfig
{
    /// <summary>Channels of every pyramid level and of the towers.</summary>
    public int Channels { get; init; } = 256;

    /// <summary>Convolutions in each tower.</summary>
    public int TowerDepth { get; init; } = 4;

    /// <summary>Groups of the towers' group norms.</summary>
    public int NormGroups { get; init; } = 32;

    /// <summary>A modulated deformable convolution at the entry of the classification branch, steered by the regression tower (DetCLIPv2, section 3.3).</summary>
    public bool Deformable { get; init; } = true;

    /// <summary>Side of an anchor, in strides of its level.</summary>
    public double AnchorScale { get; init; } = 8;

    /// <summary>Where in its cell an anchor is centred, in strides: 0.5 is the centre of what a Swin position sees; 0 is mmdetection's default.</summary>
    public double AnchorOffset { get; init; } = 0.5;

    /// <summary>An extra output that tells objects from background, read from the regression tower; for <see cref="ProposalScore.Foreground"/> alone.</summary>
    public bool Foreground { get; init; }

    /// <summary>An extra output, the IoU of a location's box with the true one, read from the regression tower; for <see cref="ProposalScore.PredictedIoU"/> alone.</summary>
    public bool PredictedIoU { get; init; }

    /// <summary>How class probability and centerness make a score.</summary>
    public ScoreFusion ScoreFusion { get; init; } = ScoreFusion.Product;

    internal IEnumerable<string> Errors()
    {
        if (Channels < 1) yield return $"Head.Channels is {Channels}; it must be positive";
        if (TowerDepth < 1) yield return $"Head.TowerDepth is {TowerDepth}; it must be positive";
        if (NormGroups < 1 || Channels % Math.Max(1, NormGroups) != 0) yield return $"Head.NormGroups is {NormGroups}; it must divide Head.Channels, {Channels}";
        if (AnchorScale <= 0) yield return $"Head.AnchorScale is {AnchorScale}; it must be positive";
        if (AnchorOffset is not (>= 0 and <= 1)) yield return $"Head.AnchorOffset is {AnchorOffset}; allowed: 0 to 1";
    }
}

/// <summary>How class probability p and centerness c make a score.</summary>
public enum ScoreFusion
{
    /// <summary>p · c, as mmdetection does.</summary>
    Product,

    /// <summary>√(p · c), as the code of ATSS and GLIP does.</summary>
    GeometricMean,
}
