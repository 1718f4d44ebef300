using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class VocDatasetTests : TempFolder
{
    [Fact]
    public void Boxes_names_and_difficult_objects_are_read()
    {
        Annotate("b", Object("mug", 10, 20, 30.5, 40), Object("red car", 0, 0, 100, 50, difficult: 1));
        Annotate("a");

        var samples = VocDataset.Load(Folder).Samples;

        Assert.Equal([(1L, "a.jpg"), (2L, "b.jpg")], samples.Select(s => (s.ImageId, Path.GetFileName(s.ImagePath))));
        Assert.Empty(samples[0].Boxes);
        Assert.Equal([new Box(10, 20, 30.5f, 40), new Box(0, 0, 100, 50)], samples[1].Boxes);
        Assert.Equal(["mug", "red car"], samples[1].Labels);
        Assert.Equal([false, true], samples[1].IsCrowd);
        Assert.Equal((100, 50), (samples[1].Width, samples[1].Height));
    }

    [Fact]
    public void Boxes_that_count_from_1_include_their_last_pixel()
    {
        Annotate("a", Object("mug", 1, 1, 100, 50));

        Assert.Equal(new Box(0, 0, 100, 50), VocDataset.Load(Folder, new() { OneBased = true }).Samples[0].Boxes[0]);
    }

    [Fact]
    public void Boxes_over_the_border_are_cut_and_counted()
    {
        Annotate("a", Object("mug", -5, 0, 120, 50));

        var dataset = VocDataset.Load(Folder);

        Assert.Equal(new Box(0, 0, 100, 50), dataset.Samples[0].Boxes[0]);
        Assert.Equal(1, dataset.Report.ClippedBoxes);
    }

    [Fact]
    public void A_split_names_its_images_in_its_order()
    {
        Annotate("a");
        Annotate("b");
        Annotate("c");
        Directory.CreateDirectory(InFolder("ImageSets/Main"));
        Write("ImageSets/Main/train.txt", "c\na\n\n");
        Write("ImageSets/Main/odd.txt", "z\n");

        Assert.Equal(["c.jpg", "a.jpg"], VocDataset.Load(Folder, new() { Split = "train" }).Samples.Select(s => Path.GetFileName(s.ImagePath)));
        Assert.Contains("no list of the split 'test'", Assert.Throws<FileNotFoundException>(() => VocDataset.Load(Folder, new() { Split = "test" })).Message);
        Assert.Contains("z.xml", Assert.Throws<FileNotFoundException>(() => VocDataset.Load(Folder, new() { Split = "odd" })).Message);
    }

    [Fact]
    public void An_image_with_another_ending_than_written_is_found()
    {
        Annotate("a");
        File.Move(InFolder("JPEGImages/a.jpg"), InFolder("JPEGImages/a.PNG"));

        Assert.Equal(InFolder("JPEGImages/a.PNG"), VocDataset.Load(Folder).Samples[0].ImagePath);
    }

    [Theory]
    [InlineData("<name>mug</name>", "the object 'mug' has no bndbox of four numbers")]
    [InlineData("<name> </name>", "an object without a name")]
    [InlineData("<name>mug</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>5</xmax><ymax>9</ymax></bndbox>", "'mug': the box (5, 5, 5, 9) has no area")]
    public void What_is_wrong_with_an_object_is_said_with_its_line_or_counted(string content, string problem)
    {
        Annotate("a", $"<object>{content}</object>", Object("car", 0, 0, 5, 5));

        var message = Assert.Throws<InvalidDataException>(() => VocDataset.Load(Folder)).Message;
        var dataset = VocDataset.Load(Folder, new() { OnInvalidRecord = InvalidRecordHandling.Skip });

        Assert.Contains($"a.xml' line 3: {problem}", message);
        Assert.Equal(["car"], dataset.Samples[0].Labels);
        Assert.Equal(1, dataset.Report.SkippedRecords);
    }

    [Fact]
    public void Files_that_make_no_sense_are_named()
    {
        Assert.Contains("holds no XML files", Assert.Throws<InvalidDataException>(() => VocDataset.Load(Folder)).Message);
        Assert.Throws<DirectoryNotFoundException>(() => VocDataset.Load(InFolder("nowhere")));
        Annotate("a");
        File.Delete(InFolder("JPEGImages/a.jpg"));
        Assert.Contains("there is no image", Assert.Throws<InvalidDataException>(() => VocDataset.Load(Folder)).Message);
        Write("Annotations/a.xml", "<annotation><size>");
        Assert.Contains("not XML, or cut off", Assert.Throws<InvalidDataException>(() => VocDataset.Load(Folder)).Message);
        Write("Annotations/a.xml", "<annotation/>");
        Assert.Contains("its size is missing", Assert.Throws<InvalidDataException>(() => VocDataset.Load(Folder)).Message);
    }

    [SharedFact("data/raccoon", "data/format-examples")]
    public void Published_sets_are_read_whole()
    {
        var raccoons = VocDataset.Load(SharedData.Path("data/raccoon"));
        var examples = VocDataset.Load(SharedData.Path("data/format-examples/voc"), new() { ImageFolder = SharedData.Path("data/format-examples/images"), Split = "trainval" });

        Assert.Equal((200, 217, 0), (raccoons.Samples.Count, raccoons.Samples.Sum(s => s.Boxes.Count), raccoons.Report.SkippedRecords));
        Assert.Equal(["raccoon"], raccoons.Samples.SelectMany(s => s.Labels).Distinct());
        Assert.Equal(6, examples.Samples.Count);
    }

    private void Annotate(string name, params string[] objects)
    {
        Directory.CreateDirectory(InFolder("Annotations"));
        Directory.CreateDirectory(InFolder("JPEGImages"));
        Write($"JPEGImages/{name}.jpg", "");
        Write($"Annotations/{name}.xml", $"<annotation><filename>{name}.jpg</filename>\n<size><width>100</width><height>50</height></size>\n{string.Join('\n', objects)}</annotation>");
    }

    private static string Object(string name, double x0, double y0, double x1, double y1, int difficult = 0) => FormattableString.Invariant(
        $"<object><name>{name}</name><difficult>{difficult}</difficult><bndbox><xmin>{x0}</xmin><ymin>{y0}</ymin><xmax>{x1}</xmax><ymax>{y1}</ymax></bndbox></object>");
}
