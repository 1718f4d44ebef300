namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How a region r and a concept t become a logit. The paper prints a plain dot product and no more; each published reading is a setting here.</summary>
/// <remarks>
/// logit = clamp(scale · f(r)·g(t) + bias + ⟨t, w⟩), with f and g by <see cref="Regions"/> and <see cref="Texts"/>.
/// The default is the paper's own words with the focal loss's prior as a learned bias.
/// </remarks>
public sealed record SimilarityConfig
{
    /// <summary>f: what is done to region embeddings.</summary>
    public RegionNorm Regions { get; init; } = RegionNorm.None;

    /// <summary>g: what is done to sentence embeddings.</summary>
    public TextNorm Texts { get; init; } = TextNorm.None;

    /// <summary>What multiplies the product.</summary>
    public LogitScale Scale { get; init; } = LogitScale.One;

    /// <summary>The scale's value, or its first value where it is learned.</summary>
    public double InitialScale { get; init; } = 1;

    /// <summary>Whether a bias is added, and learned.</summary>
    public LogitBias Bias { get; init; } = LogitBias.Learned;

    /// <summary>The bias, or its first value: −ln((1 − 0.01) / 0.01), at which an untrained network says 1 % (Lin et al. 2017, section 4.1).</summary>
    public double InitialBias { get; init; } = -Math.Log(99);

    /// <summary>Adds ⟨t, w⟩, a bias that depends on the concept (GLIP).</summary>
    public bool ConceptBias { get; init; }

    /// <summary>Logits are cut to ± this; 0 leaves them alone (GLIP: 50,000).</summary>
    public double Clamp { get; init; }

    /// <summary>GLIP's reading: text normalised, halved and projected again, scale and concept bias learned, clamped.</summary>
    public static SimilarityConfig Glip { get; } = new()
    {
        Texts = TextNorm.UnitHalvedProjected, Scale = LogitScale.Learned, ConceptBias = true, Clamp = 50_000,
    };

    /// <summary>YOLO-World's reading: a cosine with learned scale and bias.</summary>
    public static SimilarityConfig YoloWorld { get; } = new() { Regions = RegionNorm.Unit, Texts = TextNorm.Unit, Scale = LogitScale.Learned };

    /// <summary>YOLOE's reading: batch-normalised regions, unit texts, scale exp(−1), bias −10.</summary>
    public static SimilarityConfig Yoloe { get; } = new()
    {
        Regions = RegionNorm.Batch, Texts = TextNorm.Unit, Scale = LogitScale.Learned, InitialScale = Math.Exp(-1), InitialBias = -10,
    };

    internal IEnumerable<string> Errors()
    {
        if (InitialScale <= 0) yield return $"Similarity.InitialScale is {InitialScale}; it must be positive";
        if (!double.IsFinite(InitialBias)) yield return $"Similarity.InitialBias is {InitialBias}; it must be finite";
        if (Clamp < 0) yield return $"Similarity.Clamp is {Clamp}; it must be 0 or more";
    }
}

/// <summary>What is done to region embeddings before the product.</summary>
public enum RegionNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Divided by their length.</summary>
    Unit,

    /// <summary>Batch norm over all regions.</summary>
    Batch,
}

/// <summary>What is done to sentence embeddings before the product.</summary>
public enum TextNorm
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Divided by their length.</summary>
    Unit,

    /// <summary>Divided by their length, halved, and projected by a learned matrix with bias.</summary>
    UnitHalvedProjected,
}

/// <summary>What multiplies the product of a region and a concept.</summary>
public enum LogitScale
{
    /// <summary>1: a plain product.</summary>
    One,

    /// <summary>A fixed number.</summary>
    Fixed,

    /// <summary>exp(s) with s learned.</summary>
    Learned,
}

/// <summary>What is added to the product of a region and a concept.</summary>
public enum LogitBias
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A fixed number.</summary>
    Fixed,

    /// <summary>A learned number.</summary>
    Learned,
}
