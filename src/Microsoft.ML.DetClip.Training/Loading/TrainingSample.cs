using Microsoft.ML.DetClip.Datasets;

namespace Microsoft.ML.DetClip.Training;

/// <summary>One image to learn from, and what it shows: the triplet of image, boxes and concepts of DetCLIPv2, section 3.1.</summary>
internal sealed record TrainingSample
{
    /// <summary>What is known of the image.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>The image.</summary>
    public required ImageSource Image { get; init; }

    /// <summary>Corners in pixels of the upright image; may be none. Pairs have none.</summary>
    public required IReadOnlyList<Box> Boxes { get; init; }

    /// <summary>What each box shows; as many as <see cref="Boxes"/>. Of pairs: the noun phrases of the caption.</summary>
    public required IReadOnlyList<Concept> Concepts { get; init; }

    /// <summary>Boxes around groups of objects, and what each shows: no examples to learn from, and neither right nor wrong to find.</summary>
    public IReadOnlyList<(Box Box, Concept Concept)> Crowds { get; init; } = [];

    /// <summary>A sentence about the image; null for detection.</summary>
    public string? Caption { get; init; }

    /// <summary>Whether what is said about the image would be wrong in a mirror.</summary>
    public bool TellsSides => SpokenWords.TellSides(Caption) || Concepts.Any(c => SpokenWords.TellSides(c.Name));

    /// <summary>What a data set reader read. Boxes around crowds are set apart: they are no example of one object.</summary>
    public static TrainingSample From(DetectionSample sample) => new TrainingSample
    {
        Image = new(sample.ImagePath), Boxes = sample.Boxes, Concepts = [.. sample.Labels.Select(label => new Concept(label))],
    }.WithCrowds(sample.IsCrowd);

    /// <summary>The sample with some of its boxes set apart, as <see cref="Crowds"/>.</summary>
    /// <param name="marks">For each box, whether it surrounds a group.</param>
    /// <exception cref="InvalidDataException">There are more or fewer marks than boxes.</exception>
    public TrainingSample WithCrowds(IReadOnlyList<bool> marks)
    {
        if (marks.Count != Boxes.Count) throw Bad($"has {Boxes.Count} boxes but {marks.Count} crowd marks; each box needs one");
        return this with
        {
            Boxes = [.. Boxes.Where((_, i) => !marks[i])],
            Concepts = [.. Concepts.Where((_, i) => !marks[i])],
            Crowds = [.. Boxes.Zip(Concepts).Where((_, i) => marks[i])],
        };
    }

    /// <summary>The sample itself when it can be learned from.</summary>
    /// <exception cref="InvalidDataException">Says what is wrong, and with which image.</exception>
    public TrainingSample Checked()
    {
        if (Kind != SampleKind.Detection && string.IsNullOrWhiteSpace(Caption)) throw Bad($"is of kind {Kind} but has no caption");
        if (Kind != SampleKind.Pairs && Boxes.Count != Concepts.Count) throw Bad($"has {Boxes.Count} boxes but {Concepts.Count} labels; each box needs one");
        foreach (var (i, box) in Boxes.Index())
            if (!(box.X1 > box.X0 && box.Y1 > box.Y0 && float.IsFinite(box.Width) && float.IsFinite(box.Height)))
                throw Bad($"has a box that is none, number {i}: {box}; it must be x0, y0, x1, y1 with x0 < x1 and y0 < y1");
        foreach (var (i, concept) in Concepts.Index())
            if (string.IsNullOrWhiteSpace(concept.Name)) throw Bad($"has an empty label, number {i}");
        return this;
    }

    private InvalidDataException Bad(string problem) => new($"The image '{Image.Name}' {problem}.");
}
