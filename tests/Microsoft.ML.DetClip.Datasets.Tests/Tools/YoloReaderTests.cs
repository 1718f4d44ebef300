namespace Microsoft.ML.DetClip.Datasets.Tests;

public class YoloReaderTests : TempFolder
{
    [Theory]
    [InlineData("data.yaml", "path: .\nnames:\n  0: mug\n  1: 'it''s'\nnc: 2\n")]
    [InlineData("data.yaml", "names: ['mug', \"it's\"]\n")]
    [InlineData("data.yaml", "nc: 2\nnames:\n- mug\n- \"it's\"\ntrain: images\n")]
    [InlineData("dataset.yaml", "names: [mug,\n  it's]\n")]
    [InlineData("classes.txt", "mug\nit's\n\n")]
    [InlineData("obj.names", "mug\r\nit's")]
    public void Names_of_all_layouts_are_read(string file, string content)
    {
        Label("images/train/a", "labels/train/a", "1 0.5 0.5 0.2 0.4\n");
        Write(file, content);

        var reading = DatasetFormat.Named("yolo").Read(Folder);

        Assert.Equal(["it's"], reading.Single().Labels);
        Assert.Equal(["0 mug", "1 it's"], reading.Categories.Select(c => $"{c.Id} {c.Name}"));
        Assert.Equal("yolo", DatasetFormat.Of(Folder).Name);
    }

    [Fact]
    public void Boxes_polygons_and_images_without_a_text_file_are_read()
    {
        Write("classes.txt", "mug\n");
        Label("b", "b", "0 0.5 0.5 0.2 0.4\n\n0 0.1 0.2 0.3 0.2 0.3 0.8\n");
        RandomDataset.WriteBitmap(InFolder("a.bmp"), 10, 10);

        var samples = DatasetFormat.Named("yolo").Read(Folder).ToArray();

        Assert.Empty(samples[0].Boxes);
        Assert.Equal((100, 50), (samples[1].Width, samples[1].Height));
        Assert.Equal([new Box(40, 15, 60, 35), new Box(10, 10, 30, 40)], samples[1].Boxes);
    }

    [Theory]
    [InlineData("mug\n", "0 0.5 0.5 0.2", "line 1: there are 3 numbers behind the category")]
    [InlineData("mug\n", "3 0.5 0.5 0.2 0.4", "line 1: category 3 has no name; names are those of 0 to 0")]
    [InlineData("mug\n", "x 0.5 0.5 0.2 0.4", "line 1: 'x' is no number of a category")]
    [InlineData("mug\n", "0 0.5 y 0.2 0.4", "line 1: 'y' is no number")]
    [InlineData("mug\n", "0 0.5 NaN 0.2 0.4", "is not finite")]
    [InlineData("mug\n", "0 1.5 0.5 0.2 0.4", "lies outside its image of 100 × 50 pixels")]
    [InlineData("", "", "holds no names of categories")]
    public void What_is_wrong_is_said(string names, string label, string problem)
    {
        Write("classes.txt", names);
        Label("a", "a", label);

        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => DatasetFormat.Named("yolo").Read(Folder).ToArray()).Message);
    }

    [Fact]
    public void An_empty_name_and_a_set_without_names_are_refused()
    {
        Label("a", "a", "");
        Assert.Contains("There are no names", Assert.Throws<FileNotFoundException>(() => DatasetFormat.Named("yolo").Read(Folder).ToArray()).Message);

        Write("data.yaml", "names:\n  0: mug\n  1: ''\n");
        Assert.Contains("category 1 has an empty name", Assert.Throws<InvalidDataException>(() => DatasetFormat.Named("yolo").Read(Folder).ToArray()).Message);
    }

    private void Label(string image, string label, string content)
    {
        RandomDataset.WriteBitmap(InFolder($"{image}.bmp"), 100, 50);
        Directory.CreateDirectory(Path.GetDirectoryName(InFolder(label))!);
        Write($"{label}.txt", content);
    }
}
