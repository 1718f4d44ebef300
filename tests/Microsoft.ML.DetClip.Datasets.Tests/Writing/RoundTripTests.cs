namespace Microsoft.ML.DetClip.Datasets.Tests;

public class RoundTripTests : TempFolder
{
    private static readonly string[] Formats = ["coco", "lvis", "voc", "vott", "yolo", "odvg", "label-studio"];

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var from in Formats)
                foreach (var to in Formats) pairs.Add(from, to);
            return pairs;
        }
    }

    private string Images => InFolder("images");

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Nothing_is_lost_that_both_formats_hold(string from, string to)
    {
        for (var seed = 0; seed < 10; seed++)
        {
            Directory.CreateDirectory(Images);
            var (samples, categories) = RandomDataset.Create(seed, Images, captions: false);
            if (from == "label-studio" || to == "label-studio" || from == "vott" || to == "vott" || from == "voc" || to == "voc") samples = Flat(samples);
            var (first, firstCategories) = Pass(from, $"{seed}-a", samples, categories);
            var (second, secondCategories) = Pass(to, $"{seed}-b", first, firstCategories);

            AssertSame(first, second, firstCategories, secondCategories, DatasetFormat.Named(from).Holds & DatasetFormat.Named(to).Holds, $"{from} → {to}, seed {seed}");
            Directory.Delete(Images, recursive: true);
        }
    }

    [Theory]
    [InlineData("coco", "captions, whose phrases become categories")]
    [InlineData("lvis", "marks of crowds")]
    [InlineData("voc", "ids of images")]
    [InlineData("voc", "ids of categories")]
    [InlineData("vott", "definitions, synonyms and frequencies of categories")]
    [InlineData("label-studio", "categories without boxes")]
    [InlineData("yolo", "sizes of images")]
    [InlineData("coco-results", "names of images")]
    public void What_a_format_cannot_hold_is_said(string format, string dropped)
    {
        var (samples, categories) = RandomDataset.Create(seed: 3, Images, captions: true);
        samples = [.. Flat(samples).Select(s => s with { IsCrowd = [.. s.Boxes.Select(_ => true)] })];
        categories = [.. categories, new(99, "unused")];

        Assert.Contains(DatasetFormat.Named(format).Write(InFolder("out"), samples, categories), line => line.EndsWith(dropped, StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_format_holds_whole_is_not_said_to_be_lost()
    {
        var (samples, categories) = RandomDataset.Create(seed: 4, Images, captions: false);

        var plain = samples.Select(s => s with { AbsentLabels = [], PartialLabels = [] });
        Assert.Empty(DatasetFormat.Named("coco").Write(InFolder("c.json"), plain, [.. categories.Select(c => new DatasetCategory(c.Id, c.Name))], new() { ImageFolder = Images }));
        Assert.Empty(DatasetFormat.Named("lvis").Write(InFolder("l.json"), samples.Select(s => s with { IsCrowd = new bool[s.Boxes.Count] }), categories, new() { ImageFolder = Images }));
    }

    [Fact]
    public void Captions_and_phrases_pass_through_odvg()
    {
        var (samples, categories) = RandomDataset.Create(seed: 5, Images, captions: true);

        DatasetFormat.Named("odvg").Write(InFolder("a.jsonl"), samples, categories, new() { ImageFolder = Images });
        var read = Read("odvg", InFolder("a.jsonl")).Samples;

        Assert.Equal(samples.Select(s => (s.Caption, string.Join('|', s.Labels), string.Join('|', s.Boxes))), read.Select(s => (s.Caption, string.Join('|', s.Labels), string.Join('|', s.Boxes))));
    }

    [Fact]
    public void Two_images_of_one_name_are_refused_and_nothing_is_written()
    {
        var (samples, _) = RandomDataset.Create(seed: 1, Images, captions: false);
        var twin = samples[0] with { ImagePath = Path.ChangeExtension(samples[0].ImagePath, ".png") };

        Assert.Throws<InvalidDataException>(() => DatasetFormat.Named("voc").Write(InFolder("voc"), [samples[0], twin]));

        Assert.False(Directory.Exists(InFolder("voc")));
    }

    [Fact]
    public void A_format_that_is_only_read_says_which_are_written()
    {
        var error = Assert.Throws<NotSupportedException>(() => DatasetFormat.Named("goldg").Write(InFolder("x"), []));

        Assert.Contains("formats that are written are coco, coco-results, label-studio, lvis, odvg, voc, vott, yolo", error.Message);
    }

    private DatasetSample[] Flat(DatasetSample[] samples) => [.. samples.Select(s =>
    {
        var flat = Path.Combine(Images, Path.GetFileName(s.ImagePath));
        if (flat != s.ImagePath) File.Move(s.ImagePath, flat, overwrite: true);
        return s with { ImagePath = flat };
    })];

    private (DatasetSample[] Samples, IReadOnlyList<DatasetCategory> Categories) Pass(string format, string name, DatasetSample[] samples, IReadOnlyList<DatasetCategory> categories)
    {
        var path = InFolder(name + (format is "voc" or "yolo" ? "" : ".json"));
        DatasetFormat.Named(format).Write(path, samples, categories, new() { ImageFolder = Images });
        return Read(format, path);
    }

    private (DatasetSample[] Samples, IReadOnlyList<DatasetCategory> Categories) Read(string format, string path)
    {
        var reading = DatasetFormat.Named(format).Read(path, new() { ImageFolder = Images });
        var samples = reading.ToArray();
        Assert.Equal(0, reading.Report.ClippedBoxes);
        return (samples, reading.Categories);
    }

    private static void AssertSame(
        DatasetSample[] first, DatasetSample[] second, IReadOnlyList<DatasetCategory> firstCategories, IReadOnlyList<DatasetCategory> secondCategories, DatasetContent both, string where)
    {
        Assert.Equal(first.Select(s => s.ImagePath).Order(), second.Select(s => s.ImagePath).Order());
        foreach (var (a, b) in first.OrderBy(s => s.ImagePath).Zip(second.OrderBy(s => s.ImagePath)))
        {
            Assert.True((a.Width, a.Height) == (b.Width, b.Height), where);
            Assert.Equal(a.Labels, b.Labels);
            foreach (var (x, y) in a.Boxes.Zip(b.Boxes)) Assert.True(x.IoU(y) > 0.99999f, $"{where}: {x} and {y}");
            if (both.HasFlag(DatasetContent.Crowds)) Assert.Equal(a.IsCrowd, b.IsCrowd);
            if (both.HasFlag(DatasetContent.ImageIds)) Assert.Equal(a.ImageId, b.ImageId);
            if (both.HasFlag(DatasetContent.AbsentLabels)) Assert.Equal(a.AbsentLabels.Concat(a.PartialLabels), b.AbsentLabels.Concat(b.PartialLabels));
        }
        if (both.HasFlag(DatasetContent.UnusedCategories)) Assert.Equal(firstCategories.Select(c => c.Name), secondCategories.Select(c => c.Name));
        if (both.HasFlag(DatasetContent.CategoryIds)) Assert.Equal(firstCategories.Select(c => c.Id), secondCategories.Select(c => c.Id));
        if (both.HasFlag(DatasetContent.CategoryDetails)) Assert.Equal(firstCategories.Select(Details), secondCategories.Select(Details));
    }

    private static string Details(DatasetCategory category) => $"{category.Definition}|{category.Synset}|{category.Frequency}|{string.Join(',', category.Synonyms)}";
}
