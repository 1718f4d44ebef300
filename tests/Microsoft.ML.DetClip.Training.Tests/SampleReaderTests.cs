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
    [InlineData(new[] { "cup" }, new float[] { 0, 0, 1 }, "The image 'a.jpg' has 3 numbers of boxes; each box has four: x0, y0, x1, y1.")]
    [InlineData(new[] { "cup", "mug" }, new float[] { 0, 0, 1, 1 }, "The image 'a.jpg' has 1 boxes but 2 labels; each box needs one.")]
    [InlineData(new[] { " " }, new float[] { 0, 0, 1, 1 }, "The image 'a.jpg' has an empty label, number 0.")]
    public void A_row_that_makes_no_sense_is_named(string[] labels, float[] boxes, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Read(new PathRow("a.jpg", labels, boxes))).Message);

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

        Assert.StartsWith("The input has no column 'Names'; it must hold a label for each box (vector of text).", missing.Message);
        Assert.StartsWith("Column 'Labels' is of type Vector<String>; it must hold x0, y0, x1, y1 of each box", unfit.Message);
    }

    private static IReadOnlyList<TrainingSample> Read(params PathRow[] rows) => new SampleReader(Options).Read(Context.Data.LoadFromEnumerable(rows));

    private sealed record PathRow(string Image, string[] Labels, float[] BoundingBoxes);
}
