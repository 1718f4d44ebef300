namespace Microsoft.ML.DetClip.Training.Tests;

public class SampleReaderTests
{
    private static readonly MLContext Context = new();
    private static readonly DetClipTrainer.Options Options = new() { Definitions = new Dictionary<string, string> { ["bass"] = "a fish" } };

    [Fact]
    public void Rows_become_samples_in_their_order()
    {
        var samples = Read(new PathRow("a.jpg", ["bass", "cup"], [0, 1, 2, 3, 4, 5, 6, 7]), new PathRow("b.jpg", [], []));

        Assert.Equal(["a.jpg", "b.jpg"], samples.Select(s => s.Image.Name));
        Assert.Equal([new Box(0, 1, 2, 3), new Box(4, 5, 6, 7)], samples[0].Boxes);
        Assert.Equal([new Concept("bass", "a fish"), new Concept("cup")], samples[0].Concepts);
        Assert.Empty(samples[1].Boxes);
    }

    [Fact]
    public void Encoded_images_are_kept_as_bytes()
    {
        var data = Context.Data.LoadFromEnumerable([new SampleRow { Image = [1, 2, 3], Labels = ["cup"], BoundingBoxes = [0, 0, 1, 1] }]);

        var image = new SampleReader(Options).Read(data).Single().Image;

        Assert.Equal([1, 2, 3], image.Encoded!.Value.ToArray());
        Assert.Equal("row 0", image.Name);
    }

    [Theory]
    [InlineData(new[] { "cup" }, new float[] { 0, 0, 1 }, "Row 1: The image 'a.jpg' has 3 numbers of boxes; each box has four: x0, y0, x1, y1.")]
    [InlineData(new[] { "cup", "mug" }, new float[] { 0, 0, 1, 1 }, "Row 1: The image 'a.jpg' has 1 boxes but 2 labels; each box needs one.")]
    [InlineData(new[] { " " }, new float[] { 0, 0, 1, 1 }, "Row 1: The image 'a.jpg' has an empty label, number 0.")]
    public void A_row_that_makes_no_sense_is_named(string[] labels, float[] boxes, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(new PathRow("b.jpg", [], []), new PathRow("a.jpg", labels, boxes))).Message);

    [Theory]
    [InlineData(5, 0, 1, 1)] // inside out
    [InlineData(0, 0, 0, 1)] // no width
    [InlineData(0, 0, float.NaN, 1)]
    [InlineData(0, 0, float.PositiveInfinity, 1)]
    public void A_box_that_is_none_is_named(float x0, float y0, float x1, float y1) =>
        Assert.Contains("number 0", Assert.Throws<InvalidDataException>(() => Read(new PathRow("a.jpg", ["cup"], [x0, y0, x1, y1]))).Message);

    [Fact]
    public void A_missing_or_unfit_column_is_named()
    {
        var data = Context.Data.LoadFromEnumerable([new PathRow("a.jpg", ["cup"], [0, 0, 1, 1])]);

        var missing = Assert.Throws<ArgumentException>(() => new SampleReader(Options with { LabelColumnName = "Names" }).Read(data));
        var unfit = Assert.Throws<ArgumentException>(() => new SampleReader(Options with { BoundingBoxColumnName = "Labels" }).Read(data));

        Assert.StartsWith("The input has no column 'Names'; it must hold a label for each box, or the phrases of a caption (vector of text).", missing.Message);
        Assert.StartsWith("Column 'Labels' is of type Vector<String>; it must hold x0, y0, x1, y1 of each box", unfit.Message);
    }

    [Theory]
    [InlineData(true, "", "", SampleKind.Detection)]
    [InlineData(false, "", "", SampleKind.Detection)]
    [InlineData(true, "a cup on a table", "", SampleKind.Grounding)]
    [InlineData(true, " ", " ", SampleKind.Detection)]
    [InlineData(false, "a cup on a table", "", SampleKind.Pairs)]
    [InlineData(true, "a cup on a table", "detection", SampleKind.Detection)]
    [InlineData(true, "a cup on a table", " Pairs ", SampleKind.Pairs)]
    [InlineData(false, "a cup on a table", "GROUNDING", SampleKind.Grounding)]
    public void The_kind_follows_from_what_there_is_unless_it_is_given(bool hasBox, string caption, string kind, SampleKind expected)
    {
        var sample = Read([new CaptionRow("a.jpg", hasBox ? ["bass"] : [], hasBox ? [0, 0, 1, 1] : [], caption, kind)]).Single();

        Assert.Equal(expected, sample.Kind);
        Assert.Equal(hasBox && expected != SampleKind.Pairs, sample.Boxes.Count == 1);
        Assert.Equal(expected == SampleKind.Detection ? null : caption, sample.Caption);
        // Categories are enriched, phrases are as they were said.
        Assert.All(sample.Concepts, c => Assert.Equal(expected == SampleKind.Detection ? "a fish" : null, c.Definition));
    }

    [Theory]
    [InlineData("", "pairs", "Row 0: The image 'a.jpg' is of kind Pairs but has no caption.")]
    [InlineData(" ", "grounding", "Row 0: The image 'a.jpg' is of kind Grounding but has no caption.")]
    [InlineData("", "captions", "Row 0: The image 'a.jpg' is of kind 'captions'; a kind is detection, grounding, pairs or nothing. KindColumnName = null ignores the column.")]
    [InlineData("", "1", "Row 0: The image 'a.jpg' is of kind '1'; a kind is detection, grounding, pairs or nothing. KindColumnName = null ignores the column.")]
    public void A_kind_that_does_not_fit_is_refused(string caption, string kind, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read([new CaptionRow("a.jpg", [], [], caption, kind)])).Message);

    [Fact]
    public void Captioned_images_need_no_columns_of_labels_and_boxes()
    {
        var sample = Read([new PairRow("a.jpg", "a cup")]).Single();

        Assert.Equal((SampleKind.Pairs, "a cup", 0, 0), (sample.Kind, sample.Caption, sample.Boxes.Count, sample.Concepts.Count));
        Assert.Contains("'BoundingBoxes'", Assert.Throws<ArgumentException>(() => Read([new PairRow("a.jpg", "a cup")], Options with { CaptionColumnName = null })).Message);
        Assert.Contains("'Labels'", Assert.Throws<ArgumentException>(() => Read([new BoxRow("a.jpg", [], "a cup")])).Message);
        Assert.Contains("'Caption' is of type Single", Assert.Throws<ArgumentException>(() => Read([new OtherCaption("a.jpg", 1)])).Message);
    }

    [Fact]
    public void Phrases_of_a_pair_need_no_boxes_but_other_labels_do()
    {
        Assert.Equal(["bass", "cup"], Read([new CaptionRow("a.jpg", ["bass", "cup"], [], "a bass in a cup", "")]).Single().Concepts.Select(c => c.Name));
        Assert.Contains("0 boxes but 2 labels", Assert.Throws<InvalidDataException>(() => Read([new CaptionRow("a.jpg", ["bass", "cup"], [], "", "")])).Message);
    }

    [Fact]
    public void Boxes_around_crowds_are_set_apart()
    {
        var samples = Read([new CrowdRow("a.jpg", ["bass", "cup"], [0, 0, 1, 1, 2, 2, 3, 3], [true, false])]);

        Assert.Equal(["cup"], samples.Single().Concepts.Select(c => c.Name));
        Assert.Equal([(new Box(0, 0, 1, 1), new Concept("bass", "a fish"))], samples.Single().Crowds);
        Assert.Contains("1 crowd marks", Assert.Throws<InvalidDataException>(() => Read([new CrowdRow("a.jpg", ["bass", "cup"], [0, 0, 1, 1, 2, 2, 3, 3], [true])])).Message);
    }

    [Fact]
    public void Concepts_of_the_data_are_defined_before_those_of_elsewhere()
    {
        var options = Options with { Concepts = new ConceptDictionary([new("bass", "a tone"), new("cup")]), Definitions = ConceptDictionary.Empty.With(new([new("bass", "a fish"), new("cups", "a vessel")])) };

        Assert.Equal([new Concept("bass", "a tone"), new Concept("cup", "a vessel"), new Concept("tree")], Read([new PathRow("a.jpg", ["bass", "cup", "tree"], [0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1])], options).Single().Concepts);
    }

    private static IReadOnlyList<TrainingSample> Read(params PathRow[] rows) => Read(rows, Options);

    private static IReadOnlyList<TrainingSample> Read<T>(T[] rows, DetClipTrainer.Options? options = null) where T : class =>
        new SampleReader(options ?? Options).Read(Context.Data.LoadFromEnumerable(rows));

    private sealed record PathRow(string Image, string[] Labels, float[] BoundingBoxes);

    private sealed record CaptionRow(string Image, string[] Labels, float[] BoundingBoxes, string Caption, string Kind);

    private sealed record CrowdRow(string Image, string[] Labels, float[] BoundingBoxes, bool[] IsCrowd);

    private sealed record PairRow(string Image, string Caption);

    private sealed record BoxRow(string Image, float[] BoundingBoxes, string Caption);

    private sealed record OtherCaption(string Image, float Caption);
}
