namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Sizes of the text encoder: a causal transformer of CLIP's shape (Radford et al. 2021), which FILIP shares.</summary>
public sealed record TextEncoderConfig
{
    /// <summary>Token ids are below this; the largest one ends a text.</summary>
    public int Vocabulary { get; init; } = 49_408;

    /// <summary>T: tokens of a text, marks included (DetCLIPv2, table 9: 16).</summary>
    public int Length { get; init; } = 16;

    /// <summary>Transformer blocks.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>Channels of a token.</summary>
    public int Width { get; init; } = 512;

    /// <summary>Attention heads; they divide <see cref="Width"/>.</summary>
    public int Heads { get; init; } = 8;

    /// <summary>x·σ(1.702 x) instead of the exact GELU: what CLIP's published weights were trained with.</summary>
    public bool QuickGelu { get; init; } = true;

    /// <summary>What of the tokens becomes the sentence's embedding. CapDet, of the same authors, reads the end mark.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.EndMark;

    internal IEnumerable<string> Errors()
    {
        if (Vocabulary < 3) yield return $"Text.Vocabulary is {Vocabulary}; it must be 3 or more";
        if (Length < 3) yield return $"Text.Length is {Length}; it must be 3 or more: start mark, a token, end mark";
        if (Layers < 1) yield return $"Text.Layers is {Layers}; it must be positive";
        if (Heads < 1 || Width < 1 || Width % Math.Max(1, Heads) != 0) yield return $"Text.Heads is {Heads}; it must divide Text.Width, {Width}";
    }
}

/// <summary>What of a text's tokens becomes its embedding.</summary>
public enum TextPooling
{
    /// <summary>The token at the end mark, as CLIP and CapDet do.</summary>
    EndMark,

    /// <summary>The mean of all tokens from the start to the end mark, as GLEE does.</summary>
    Mean,
}
