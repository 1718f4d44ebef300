namespace Microsoft.ML.DetClip.Training;

/// <summary>Choices about one kind of data; see <see cref="SampleKind"/>. Defaults are the paper's for detection data (DetCLIPv2, section 4.1 and table 9).</summary>
public sealed record KindOptions
{
    /// <summary>Images of a step, all of this kind, over all processes. The paper's 128 are spread over 32 devices.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>How often each image of this kind is seen in an epoch of the run, on average: 0.5 every other epoch, 0 never.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Least length of an image's short side, drawn anew each time, in pixels. GLIP's range is 480 to 800.</summary>
    public int SmallestShortSide { get; init; } = 480;

    /// <summary>Greatest length of an image's short side, in pixels.</summary>
    public int ShortSide { get; init; } = 800;

    /// <summary>The long side never passes this, in pixels.</summary>
    public int LongSide { get; init; } = 1333;

    /// <summary>M: concepts asked about an image.</summary>
    /// <remarks>
    /// With boxes: those it shows, and random others up to this number. Pairs: the caption and its phrases, no more than this number.
    /// What a caption does not mention is taken for absent, though it may be there. Among the paper's 13 thousand names that hardly happens; with a few hundred it
    /// does, and a number near that of all names teaches that unmentioned things are not there (measured: eng/docs/openworld, row asked-100).
    /// </remarks>
    public int ConceptsPerImage { get; init; } = 150;

    /// <summary>How often left and right are swapped, 0 to 1; never where a caption or label speaks of "left" or "right".</summary>
    public double FlipProbability { get; init; } = 0.5;

    internal OptionsCheck Check() => new OptionsCheck()
        .AtLeast(1, BatchSize).Between(Weight, 0, 1000).AtLeast(1, SmallestShortSide)
        .That(ShortSide >= SmallestShortSide, ShortSide, $"SmallestShortSide ({SmallestShortSide}) or more")
        .That(LongSide >= ShortSide, LongSide, $"ShortSide ({ShortSide}) or more")
        .AtLeast(1, ConceptsPerImage).Between(FlipProbability, 0, 1);
}
