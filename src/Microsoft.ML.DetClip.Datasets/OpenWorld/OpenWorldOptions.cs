namespace Microsoft.ML.DetClip.Datasets;

/// <summary>How much of an open world is made, and how hard it is. Three editions are ready: <see cref="Small"/>, <see cref="Medium"/> and <see cref="Large"/>.</summary>
public sealed record OpenWorldOptions
{
    /// <summary>72 concepts, few and large objects, and boxes alone: nano finds most of it, composable names too, after minutes on one core. No corpus of captions.</summary>
    public static OpenWorldOptions Small { get; } = new()
    {
        Edition = "small", Words = OpenWorldWords.Basic, FrequentConcepts = 60, CommonConcepts = 0, RareConcepts = 0, ComposableConcepts = 12, InventedNames = 0,
        DetectionImages = 4000, GroundingImages = 0, PairImages = 0, MorePairImages = 0, EvaluationImages = 400,
        MaxObjects = 5, Radius = (20, 50), MinVisible = 0.7,
    };

    /// <summary>214 concepts in all groups on small images: what each kind of data adds is measured on one core in minutes. The default.</summary>
    public static OpenWorldOptions Medium { get; } = new();

    /// <summary>980 concepts on larger and fuller images, for a GPU.</summary>
    public static OpenWorldOptions Large { get; } = new()
    {
        Edition = "large", Words = OpenWorldWords.All, FrequentConcepts = 350, CommonConcepts = 250, RareConcepts = 250, ComposableConcepts = 130,
        DetectionImages = 6_000, GroundingImages = 4_000, PairImages = 8_000, MorePairImages = 8_000, EvaluationImages = 600,
        Side = 320, MaxObjects = 12, Radius = (16, 90),
    };

    /// <summary>Name of the edition; it stands in the files.</summary>
    public string Edition { get; init; } = "medium";

    /// <summary>Everything random follows from it: another seed is another world.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Which words the names of concepts are made of.</summary>
    public OpenWorldWords Words { get; init; } = OpenWorldWords.Few;

    /// <summary>Concepts that have boxes in the detection corpus.</summary>
    public int FrequentConcepts { get; init; } = 36;

    /// <summary>Concepts that have boxes in the grounding corpus alone.</summary>
    public int CommonConcepts { get; init; } = 80;

    /// <summary>Concepts that never have a box: captions of the pairs alone speak of them.</summary>
    public int RareConcepts { get; init; } = 80;

    /// <summary>Concepts of the evaluation that no corpus shows or names, made of words that the detection corpus has.</summary>
    public int ComposableConcepts { get; init; } = 18;

    /// <summary>Images of the detection corpus. A corpus without images has no file; so has an evaluation without images.</summary>
    public int DetectionImages { get; init; } = 2400;

    /// <summary>Images of the grounding corpus.</summary>
    public int GroundingImages { get; init; } = 1600;

    /// <summary>Images of the first corpus of pairs.</summary>
    public int PairImages { get; init; } = 4000;

    /// <summary>Images of the second corpus of pairs.</summary>
    public int MorePairImages { get; init; } = 4000;

    /// <summary>Images of the evaluation.</summary>
    public int EvaluationImages { get; init; } = 300;

    /// <summary>Width and height of an image, in pixels.</summary>
    public int Side { get; init; } = 192;

    /// <summary>Most objects of an image; there are at least two.</summary>
    public int MaxObjects { get; init; } = 7;

    /// <summary>Smallest and largest radius of an object, in pixels.</summary>
    public (float Min, float Max) Radius { get; init; } = (15, 46);

    /// <summary>Least part of an object that others leave visible, above 0, at most 1.</summary>
    public double MinVisible { get; init; } = 0.55;

    /// <summary>Share of the mentions in captions of pairs that are wrong, 0 to 1.</summary>
    public double WrongMentions { get; init; } = 0.08;

    /// <summary>How far a side of a grounding box may be off, over the box's own width or height, 0 to below 0.5.</summary>
    public double Looseness { get; init; } = 0.12;

    /// <summary>Share of the concepts that have an invented name, such as "dax", which only its definition explains, 0 to 1.</summary>
    public double InventedNames { get; init; } = 0.15;

    /// <exception cref="ArgumentException">Names every bad setting at once, with its value and what is allowed.</exception>
    internal OpenWorldOptions Checked() => new OptionsCheck()
        .NotBlank(Edition).Defined(Words)
        .AtLeast(1, FrequentConcepts).AtLeast(0, CommonConcepts).AtLeast(0, RareConcepts).AtLeast(0, ComposableConcepts)
        .AtLeast(0, DetectionImages).AtLeast(0, GroundingImages).AtLeast(0, PairImages).AtLeast(0, MorePairImages).AtLeast(0, EvaluationImages)
        .Between(Side, 64, 4096).Between(MaxObjects, 2, 100)
        .That(Radius.Min >= 4 && Radius.Max >= Radius.Min && 2 * Radius.Max < Side, Radius, "4 or more, rising, and below half of Side")
        .That(MinVisible is > 0 and <= 1, MinVisible, "above 0, at most 1")
        .Between(WrongMentions, 0, 1).That(Looseness is >= 0 and < 0.5, Looseness, "0 to below 0.5").Between(InventedNames, 0, 1)
        .ThrowIfAny(this, "options");
}

/// <summary>Which words an open world's names are made of.</summary>
public enum OpenWorldWords
{
    /// <summary>6 shapes, 6 colours, plain or striped; the detection corpus has all of them.</summary>
    Basic,

    /// <summary>9 shapes, 6 colours, 3 patterns, 3 materials, 2 parts.</summary>
    Few,

    /// <summary>22 shapes, 10 colours, 6 patterns, 5 materials, 4 parts.</summary>
    All,
}
