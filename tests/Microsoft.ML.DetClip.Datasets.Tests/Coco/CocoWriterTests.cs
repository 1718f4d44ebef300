namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CocoWriterTests : TempFolder
{
    private static readonly CocoCategory[] Categories = [new(3, "mug"), new(1, "red \"car\""), new(9, "mug")];

    [Fact]
    public void What_is_written_is_read_back_to_the_bit()
    {
        var random = new Random(1);
        DetectionSample[] samples = [.. Enumerable.Range(0, 50).Select(i => RandomSample(random, 1000 - i))];
        var path = InFolder("made/instances.json");

        CocoWriter.Write(path, samples, Categories, Folder);
        var dataset = CocoDataset.Load(path, Folder, new() { CheckImageFiles = false });

        Assert.Equal(Categories, dataset.Categories);
        Assert.Equal(samples.Length, dataset.Samples.Count);
        foreach (var (written, read) in samples.Zip(dataset.Samples))
        {
            Assert.Equal((written.ImageId, written.ImagePath, written.Width, written.Height), (read.ImageId, read.ImagePath, read.Width, read.Height));
            Assert.Equal(written.Boxes, read.Boxes);
            Assert.Equal(written.Labels, read.Labels);
            Assert.Equal(written.IsCrowd, read.IsCrowd);
        }
        Assert.Equal(0, dataset.Report.ClippedBoxes);
        Assert.Single(Directory.GetFiles(InFolder("made")));
    }

    [Fact]
    public void Every_field_that_pycocotools_reads_is_there()
    {
        CocoWriter.Write(InFolder("a.json"), [Sample(5, "x/y.jpg", ["mug"], [new(1, 2, 4, 6)])], [new(3, "mug")]);

        const string Expected = """
            {"info":{},"images":[{"id":5,"file_name":"y.jpg","width":640,"height":480}],
            "annotations":[{"id":1,"image_id":5,"category_id":3,"bbox":[1,2,3,4],"area":12,"iscrowd":0}],
            "categories":[{"id":3,"name":"mug"}]}
            """;
        Assert.Equal(Expected.ReplaceLineEndings(""), File.ReadAllText(InFolder("a.json")));
    }

    [Fact]
    public void Sample_that_cannot_be_written_is_named_and_the_old_file_stays()
    {
        var path = Write("old.json", "old");
        var good = Sample(1, "a.jpg", ["mug"], [new(1, 2, 3, 4)]);

        var unknown = Assert.Throws<ArgumentException>(() => CocoWriter.Write(path, [good, Sample(2, "b.jpg", ["cup"], [new(1, 2, 3, 4)])], Categories));
        var twice = Assert.Throws<ArgumentException>(() => CocoWriter.Write(path, [good, good], Categories));
        var uneven = Assert.Throws<ArgumentException>(() => CocoWriter.Write(path, [Sample(2, "b.jpg", ["mug"], [])], Categories));

        Assert.StartsWith("Image 2 has an object labelled 'cup', which is none of the categories.", unknown.Message);
        Assert.StartsWith("The image id 1 occurs twice.", twice.Message);
        Assert.StartsWith("Image 2 has 0 boxes, 1 labels and 0 crowd marks", uneven.Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Single(Directory.GetFiles(Folder));
    }

    private DetectionSample RandomSample(Random random, long id)
    {
        var count = random.Next(4);
        float Coordinate(float size) => random.NextSingle() * size;
        return Sample(id, InFolder($"sub/{id}.jpg"),
            [.. Enumerable.Range(0, count).Select(_ => Categories[random.Next(2)].Name)],
            [.. Enumerable.Range(0, count).Select(_ => new Box(Coordinate(300), Coordinate(200), 301 + Coordinate(300), 201 + Coordinate(200)))]) with
        {
            IsCrowd = [.. Enumerable.Range(0, count).Select(_ => random.Next(2) == 0)],
        };
    }

    private static DetectionSample Sample(long id, string path, string[] labels, Box[] boxes) => new()
    {
        ImageId = id,
        ImagePath = path,
        Width = 640,
        Height = 480,
        Labels = labels,
        Boxes = boxes,
        IsCrowd = new bool[boxes.Length],
    };
}
