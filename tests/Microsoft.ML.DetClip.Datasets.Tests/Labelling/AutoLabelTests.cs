using System.Text.Json;
using System.Xml.Linq;
using Microsoft.ML.DetClip.Tests;

namespace Microsoft.ML.DetClip.Datasets.Tests.Labelling;

public sealed class AutoLabelTests : TempFolder
{
    private static readonly Box Left = new(10, 20, 50, 60);
    private static readonly Box Right = new(70, 20, 110, 60);
    private static readonly LabelOntology Colours = new([new Concept("red"), new Concept("green")]); // scores 0.95 and 0.93
    private static readonly ReviewBand Band = new(0.9f, 0.94f); // green is doubtful

    private readonly MLContext _context = new(seed: 1);

    [Fact]
    public void Images_of_all_folders_are_labelled_in_the_order_of_their_paths_and_broken_ones_named()
    {
        Draw("b/2.png", (ToyImage.Red, Left));
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        Draw("b/1.png");
        Draw("B.png", (ToyImage.Green, Left));
        File.WriteAllText(InFolder("images/b/broken.jpg"), "this is no image");
        File.WriteAllText(InFolder("images/notes.txt"), "nor this");
        var reports = new List<AutoLabelProgress>();

        var labels = Label(new() { BatchSize = 2 }, progress: new Sink(reports.Add));

        Assert.Equal(["B.png", "a.png", "b/1.png", "b/2.png"], labels.Samples.Select(NameOf));
        Assert.Equal([1L, 2, 3, 4], labels.Samples.Select(s => s.ImageId));
        Assert.Equal(["green", "red,green", "", "red"], labels.Samples.Select(s => string.Join(',', s.Labels)));
        Assert.All(labels.Samples, s => Assert.Equal((120, 80), (s.Width, s.Height)));
        Assert.InRange(labels.Samples[3].Boxes[0].IoU(Left), 0.95, 1);
        Assert.Equal([new(1, "red"), new(2, "green")], labels.Categories);
        Assert.Equal(InFolder("images/b/broken.jpg"), Path.GetFullPath(Assert.Single(labels.Skipped).Path));
        Assert.Contains("broken.jpg", labels.Skipped[0].Reason);
        Assert.Equal([1, 2, 3, 4, 5], reports.Select(r => r.Done));
        Assert.Equal(new AutoLabelProgress(5, 5, 4, 0, 1), reports[^1]);
    }

    [Fact]
    public void Batches_change_nothing()
    {
        for (var i = 0; i < 5; i++) Draw($"{i}.png", (ToyImage.Red, new(10 + i, 20, 50 + 3 * i, 60)));

        var (alone, together) = (Label(new() { BatchSize = 1 }), Label(new() { BatchSize = 3 }));

        Assert.Equal(alone.Samples.Select(Show), together.Samples.Select(Show));
    }

    [Fact]
    public void Phrases_of_one_label_find_an_object_once()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        var ontology = new LabelOntology(new Dictionary<Concept, string> { ["red"] = "warm", ["rd"] = "warm", ["green"] = "cold" });

        var labels = Label(new(), ontology);

        Assert.Equal(["warm 0.96", "cold 0.93"], labels.Samples[0].Labels.Zip(labels.Samples[0].Scores, (label, score) => FormattableString.Invariant($"{label} {score:F2}")));
    }

    [Theory]
    [InlineData(0.94f, "red")]
    [InlineData(0.96f, "")]
    [InlineData(null, "red,green")]
    public void Scores_must_be_above_the_threshold(float? threshold, string found)
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));

        Assert.Equal(found, string.Join(',', Label(new() { ScoreThreshold = threshold }).Samples[0].Labels));
    }

    [Fact]
    public void Without_a_threshold_the_detectors_own_holds()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        using var detector = Detector(o => o with { ScoreThreshold = 0.94f });

        Assert.Equal(["red"], _context.DetClip().Label(detector, InFolder("images"), Colours).Samples[0].Labels);
    }

    [Fact]
    public void Without_a_threshold_those_of_a_calibrated_detector_hold()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        using var detector = Detector(o => o with { Labels = [new Concept("red") { Threshold = 0.96f }, new Concept("blue") { Threshold = 0.99f }] });

        Assert.Equal(["green"], _context.DetClip().Label(detector, InFolder("images"), Colours).Samples[0].Labels);
        Assert.Equal(["red", "green"], _context.DetClip().Label(detector, InFolder("images"), Colours, new() { ScoreThreshold = 0.5f }).Samples[0].Labels);
    }

    [Fact]
    public void Existing_boxes_win_and_nothing_that_was_there_is_lost()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        Draw("c.png", (ToyImage.Red, Left));
        var existing = Existing("""
            {"images": [{"id": 7, "file_name": "elsewhere.png", "width": 9, "height": 9}, {"id": 5, "file_name": "a.png", "width": 120, "height": 80}],
             "categories": [{"id": 3, "name": "mug"}, {"id": 4, "name": "red"}],
             "annotations": [{"id": 1, "image_id": 5, "category_id": 4, "bbox": [11, 20, 40, 40]}, {"id": 2, "image_id": 5, "category_id": 3, "bbox": [70, 20, 40, 40]},
                             {"id": 3, "image_id": 7, "category_id": 3, "bbox": [1, 1, 5, 5], "iscrowd": 1}]}
            """);
        var before = existing.ToArray();

        var labels = Label(new() { Review = Band }, existing: existing);

        Assert.Equal([7L, 5, 8], labels.Samples.Select(s => s.ImageId));
        Assert.Equal(Show(before[0]), Show(labels.Samples[0]));
        Assert.Equal(["red", "mug", "green"], labels.Samples[1].Labels); // the user's red stays, the detector's gives way; green is no mug
        Assert.Equal(before[1].Boxes, labels.Samples[1].Boxes.Take(2));
        Assert.Equal([false, false, true], labels.Samples[1].NeedsReview);
        Assert.Equal([1f, 1f], labels.Samples[1].Scores.Take(2));
        Assert.Equal([new(3, "mug"), new(4, "red"), new(5, "green")], labels.Categories);
        Assert.Equal((2, 1, 1), (labels.FoundCount, labels.ForReviewCount, labels.CoveredCount));
    }

    [Theory]
    [InlineData(60, "")] // overlaps by 0.6
    [InlineData(65, "red")] // by 0.45
    public void An_existing_box_wins_only_where_it_overlaps_by_more_than_half(int right, string added)
    {
        Draw("a.png", (ToyImage.Red, new(10, 20, 50, 60)));
        var shift = right - 40;
        var existing = Existing($$"""
            {"images": [{"id": 1, "file_name": "a.png", "width": 120, "height": 80}], "categories": [{"id": 1, "name": "red"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [{{shift}}, 20, 40, 40]}]}
            """);

        Assert.Equal(added, string.Join(',', Label(new(), existing: existing).Samples[0].Labels.Skip(1)));
    }

    [Fact]
    public void A_crowd_covers_what_lies_in_it_and_absent_labels_are_believed()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        var crowd = Existing("""
            {"images": [{"id": 1, "file_name": "a.png", "width": 120, "height": 80}], "categories": [{"id": 1, "name": "red"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [0, 0, 120, 80], "iscrowd": 1}]}
            """);
        var absent = Existing("""
            {"images": [{"id": 1, "file_name": "a.png", "width": 120, "height": 80, "neg_category_ids": [1], "not_exhaustive_category_ids": []}],
             "categories": [{"id": 1, "name": "green", "synset": "green.n.01", "frequency": "r"}], "annotations": []}
            """, "lvis");

        Assert.Equal(["red", "green"], Label(new(), existing: crowd).Samples[0].Labels);
        Assert.Equal(["red"], Label(new(), existing: absent).Samples[0].Labels);
    }

    [Fact]
    public void Merging_twice_finds_nothing_new()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        Label(new()).Write(DatasetFormat.Named("coco"), InFolder("a.json"), new() { ImageFolder = InFolder("images") });

        var again = Label(new(), existing: DatasetFormat.Named("coco").Read(InFolder("a.json"), new() { ImageFolder = InFolder("images") }));

        Assert.Equal((0, 2), (again.FoundCount, again.CoveredCount));
        Assert.Equal(2, again.Samples[0].Boxes.Count);
    }

    [Fact]
    public void Each_format_marks_what_is_for_review_as_it_can()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        Draw("b.png", (ToyImage.Green, Right));
        var labels = Label(new() { Review = Band });

        var dropped = new[] { "voc", "vott", "label-studio" }.SelectMany(format => labels.Write(DatasetFormat.Named(format), InFolder(format)));

        Assert.DoesNotContain(dropped, what => what.Contains("review"));
        var voc = XDocument.Load(InFolder("voc/Annotations/a.xml")).Descendants("object").ToDictionary(o => o.Element("name")!.Value, o => o.Element("difficult")!.Value);
        Assert.Equal(("0", "1"), (voc["red"], voc["green"]));
        using var vott = JsonDocument.Parse(File.ReadAllText(InFolder("vott")));
        Assert.Equal(["red", "green", "review"], vott.RootElement.GetProperty("tags").EnumerateArray().Select(t => t.GetProperty("name").GetString()));
        var tags = vott.RootElement.GetProperty("assets").EnumerateObject().SelectMany(a => a.Value.GetProperty("regions").EnumerateArray()).Select(r => r.GetProperty("tags").ToString());
        Assert.Equal(["""["red"]""", """["green","review"]""", """["green","review"]"""], tags.OrderDescending().OrderBy(t => t.Length));
        using var tasks = JsonDocument.Parse(File.ReadAllText(InFolder("label-studio")));
        var (first, second) = (tasks.RootElement[0], tasks.RootElement[1]);
        Assert.Equal(1, first.GetProperty("annotations")[0].GetProperty("result").GetArrayLength());
        Assert.Equal(0.93f, first.GetProperty("predictions")[0].GetProperty("score").GetSingle(), 1e-4f);
        Assert.Equal("green", first.GetProperty("predictions")[0].GetProperty("result")[0].GetProperty("value").GetProperty("rectanglelabels")[0].GetString());
        Assert.Equal(0, second.GetProperty("annotations").GetArrayLength()); // not done: somebody must look
    }

    [Fact]
    public void VoTTs_mark_is_no_label_when_it_is_read_again()
    {
        Draw("a.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        Label(new() { Review = Band }).Write(DatasetFormat.Named("vott"), InFolder("vott.json"));

        var read = DatasetFormat.Named("vott").Read(InFolder("vott.json"), new() { ImageFolder = InFolder("images") }).Single();

        Assert.Equal(["red", "green"], read.Labels);
        Assert.Equal([false, true], read.NeedsReview);
    }

    [Theory]
    [InlineData("coco", "out.json", "out.review.csv")]
    [InlineData("yolo", "out", "out/review.csv")]
    public void Other_formats_get_a_list_of_what_is_for_review(string format, string path, string list)
    {
        Draw("a, b.png", (ToyImage.Red, Left), (ToyImage.Green, Right));
        var labels = Label(new() { Review = Band });

        var dropped = labels.Write(DatasetFormat.Named(format), InFolder(path), new() { ImageFolder = InFolder("images") });

        Assert.DoesNotContain(dropped, what => what.Contains("review"));
        var lines = File.ReadAllLines(InFolder(list));
        Assert.Equal(2, lines.Length);
        Assert.Equal("image,label,score,x0,y0,x1,y1", lines[0]);
        Assert.StartsWith("\"a, b.png\",green,0.9300,70.", lines[1]);
        Assert.Equal(Path.GetFullPath(InFolder(list)), Path.GetFullPath(AutoLabels.ReviewListOf(DatasetFormat.Named(format), InFolder(path))!));
    }

    [Fact]
    public void Converting_a_marked_data_set_says_that_marks_are_lost()
    {
        var sample = new DatasetSample
        {
            ImageId = 1, Kind = DatasetSampleKind.Detection, ImagePath = "a.png", Width = 9, Height = 9, Boxes = [new(1, 1, 5, 5)], Labels = ["mug"], IsCrowd = [false], NeedsReview = [true],
        };

        Assert.Contains("1 marks for review", DatasetFormat.Named("coco").Write(InFolder("a.json"), [sample]));
    }

    [Fact]
    public void Results_carry_the_scores()
    {
        Draw("a.png", (ToyImage.Red, Left));
        Label(new()).Write(DatasetFormat.Named("coco-results"), InFolder("results.json"));

        using var results = JsonDocument.Parse(File.ReadAllText(InFolder("results.json")));
        Assert.Equal(0.95f, results.RootElement[0].GetProperty("score").GetSingle(), 1e-4f);
    }

    [Fact]
    public void What_is_wrong_is_said_before_anything_is_looked_at()
    {
        Draw("a.png");
        var bad = new AutoLabelOptions { ScoreThreshold = 0.1f, Review = new(0.2f, 0.5f), MergeIoU = 2, BatchSize = 0 };

        Assert.StartsWith(
            "ScoreThreshold is 0.1, allowed: the lower end of Review (0.2) or more; MergeIoU is 2, allowed: 0 to 1; BatchSize is 0, allowed: 1 to 256.",
            Assert.Throws<ArgumentException>(() => Label(bad)).Message);
        Assert.Contains("Review is 0.5:0.2", Assert.Throws<ArgumentException>(() => Label(new() { Review = new(0.5f, 0.2f) })).Message);
        Assert.Throws<DirectoryNotFoundException>(() => _context.DetClip().Label(Detector(), InFolder("nowhere"), Colours));
        var chain = _context.Transforms.CopyColumns("B", "A").Fit(_context.Data.LoadFromEnumerable([new { A = 1 }]));
        Assert.Contains("no open-vocabulary detector", Assert.Throws<ArgumentException>(() => _context.DetClip().Label(chain, Folder, Colours)).Message);
        Assert.Contains("--", Assert.Throws<FormatException>(() => ReviewBand.Parse("--")).Message);
    }

    [Fact]
    public void It_can_be_cancelled()
    {
        Draw("a.png");
        Draw("b.png");
        using var cancellation = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => Label(new(), progress: new Sink(_ => cancellation.Cancel()), cancellation: cancellation.Token));
    }

    private AutoLabels Label(
        AutoLabelOptions options, LabelOntology? ontology = null, DatasetReading? existing = null, IProgress<AutoLabelProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var detector = Detector();
        return _context.DetClip().Label(detector, InFolder("images"), ontology ?? Colours, options, existing, progress, cancellation);
    }

    private OpenVocabularyDetectionTransformer Detector(Func<OpenVocabularyDetectionEstimator.Options, OpenVocabularyDetectionEstimator.Options>? change = null)
    {
        var options = new OpenVocabularyDetectionEstimator.Options { Labels = ["blue"] };
        return _context.Transforms.DetectOpenVocabulary(ToyDetector.Model, change?.Invoke(options) ?? options).Fit(_context.Data.LoadFromEnumerable([new { Image = "" }]));
    }

    private DatasetReading Existing(string json, string format = "coco")
    {
        var path = Write($"{Guid.NewGuid():N}.json", json);
        return DatasetFormat.Named(format).Read(path, new() { ImageFolder = InFolder("images"), CheckImageFiles = false });
    }

    private void Draw(string name, params (SkiaSharp.SKColor, Box)[] rectangles)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(InFolder($"images/{name}"))!);
        File.WriteAllBytes(InFolder($"images/{name}"), new ToyImage(120, 80, rectangles).ToPng());
    }

    private string NameOf(DatasetSample sample) => Path.GetRelativePath(InFolder("images"), sample.ImagePath).Replace('\\', '/');

    private static string Show(DatasetSample sample) =>
        $"{sample.ImageId} {string.Join(' ', sample.Boxes)} {string.Join(',', sample.Labels)} {string.Join(',', sample.IsCrowd)} {string.Join(',', sample.Scores)} {string.Join(',', sample.NeedsReview)}";

    private sealed class Sink(Action<AutoLabelProgress> take) : IProgress<AutoLabelProgress>
    {
        public void Report(AutoLabelProgress value) => take(value);
    }
}
