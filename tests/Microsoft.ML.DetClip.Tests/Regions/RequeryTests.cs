namespace Microsoft.ML.DetClip.Tests;

public sealed class RequeryTests : IDisposable
{
    private static readonly OpenVocabularyDetectionEstimator.Options Options = Toy.Options with { Labels = ["red"], RegionsColumnName = "Regions" };

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _data;

    public RequeryTests() => _data = _mlContext.Data.LoadFromEnumerable(
    [
        new PathRow { Image = new ToyImage(120, 100, (ToyImage.Red, new(10, 20, 60, 80)), (ToyImage.Green, new(70, 30, 110, 90))).Save(_folder, "a.png") },
        new PathRow { Image = new ToyImage(90, 130, (ToyImage.Blue, new(10, 20, 60, 80))).Save(_folder, "b.png") },
    ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Stored_regions_find_what_the_detector_finds_with_the_same_names()
    {
        using var detector = Fit(Options);
        Concept[] labels = ["green", "blue", "red"];
        using var again = Fit(Options with { Labels = labels, RegionsColumnName = null });

        var asked = Rows(detector).Select(row => detector.Requery(row.Regions!, labels)).ToArray();

        var expected = _mlContext.Rows(again.Transform(_data)).Select(r => r.Detections).ToArray();
        Assert.Equal([2, 1], asked.Select(a => a.Count));
        Assert.All(expected.Zip(asked), pair => Assert.All(pair.First.Zip(pair.Second), d =>
        {
            Assert.Equal(d.First.Label, d.Second.Label);
            Assert.Equal(d.First.Score, d.Second.Score, 1e-5f);
            Assert.Equal(d.First.Box, d.Second.Box);
        }));
    }

    [Fact]
    public void Detections_beside_the_regions_are_what_the_regions_give()
    {
        using var detector = Fit(Options with { Labels = ["red", "green", "blue"] });

        Assert.All(Rows(detector), row => Assert.Equal(row.Detections, detector.Requery(row.Regions!)));
    }

    [Fact]
    public void Without_labels_an_image_can_still_be_asked_later()
    {
        using var detector = Fit(Options with { Labels = [] });
        _mlContext.Model.Save(detector, _data.Schema, _folder.PathOf("model.zip"));
        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.Model.Load(_folder.PathOf("model.zip"), out _);

        var rows = Rows(loaded);

        Assert.All(rows, row => Assert.Empty(row.Detections));
        Assert.Equal(["blue"], loaded.Requery(rows[1].Regions!, ["red", "blue"]).Select(d => d.Label));
    }

    [Fact]
    public void Rows_that_name_their_own_classes_have_regions_too()
    {
        var image = _mlContext.Data.CreateEnumerable<PathRow>(_data, false).First().Image;
        var data = _mlContext.Data.LoadFromEnumerable([new LabelledRow { Image = image, Classes = ["green"] }, new LabelledRow { Image = image }]);
        using var detector = _mlContext.Fit(Options with { Labels = [], LabelsColumnName = "Classes" }, data, ToyDetector.WithRegions);

        var rows = _mlContext.Data.CreateEnumerable<RegionsRow>(detector.Transform(data), false).ToArray();

        Assert.Equal([1, 0], rows.Select(r => r.Detections.Count));
        Assert.All(rows, row => Assert.Equal(["red"], detector.Requery(row.Regions!, ["red"]).Select(d => d.Label)));
        Assert.Throws<InvalidOperationException>(() => detector.Requery(rows[0].Regions!));
    }

    [Fact]
    public void Synonyms_negatives_parents_and_temperature_mean_the_same_to_stored_regions()
    {
        Concept[] labels = [new("gold") { Synonyms = ["red"] }, new("blue") { Negatives = ["blue"[..3]] }, "red thing", new("green") { Parent = "red thing", Threshold = 0.6f }];
        using var detector = Fit(Options with { Temperature = 2 });
        using var again = Fit(Options with { Labels = labels, RegionsColumnName = null, Temperature = 2 });

        var asked = Rows(detector).SelectMany(row => detector.Requery(row.Regions!, labels)).ToArray();

        var expected = _mlContext.Rows(again.Transform(_data)).SelectMany(r => r.Detections).ToArray();
        Assert.Contains(expected, d => d.Label == "gold");
        Assert.Equal(expected.Select(d => (d.Label, d.Box)), asked.Select(d => (d.Label, d.Box)));
        Assert.All(expected.Zip(asked), d => Assert.Equal(d.First.Score, d.Second.Score, 1e-5f));
    }

    [Fact]
    public void A_file_gives_the_same_regions_back()
    {
        using var detector = Fit(Options with { Tiles = new() { Columns = 2, Rows = 1 } });
        var regions = Rows(detector)[0].Regions!;

        regions.Save(_folder.PathOf("regions.safetensors"));
        var loaded = RegionList.Load(_folder.PathOf("regions.safetensors"));

        Assert.Equal(regions.Boxes, loaded.Boxes);
        Assert.Equal(regions.Embeddings.ToArray(), loaded.Embeddings.ToArray());
        Assert.Equal((regions.ImageSize, regions.Scoring, regions.Bound, regions.TextEncoderHash), (loaded.ImageSize, loaded.Scoring, loaded.Bound, loaded.TextEncoderHash));
        Assert.Equal(detector.Requery(regions, ["red", "green"]), detector.Requery(loaded, ["red", "green"]));
    }

    [Fact]
    public void A_file_of_something_else_or_a_damaged_one_is_refused()
    {
        SafeTensorsFile.Write(_folder.PathOf("other"), []);
        SafeTensorsFile.Write(_folder.PathOf("newer"), [], new Dictionary<string, string> { ["detclip_regions"] = "9" });
        SafeTensorsFile.Write(_folder.PathOf("damaged"), [], new Dictionary<string, string> { ["detclip_regions"] = "1", ["image"] = "3x4" });

        Assert.Contains("holds no regions", Assert.Throws<InvalidDataException>(() => RegionList.Load(_folder.PathOf("other"))).Message, StringComparison.Ordinal);
        Assert.Contains("format 9", Assert.Throws<InvalidDataException>(() => RegionList.Load(_folder.PathOf("newer"))).Message, StringComparison.Ordinal);
        Assert.Contains("is damaged", Assert.Throws<InvalidDataException>(() => RegionList.Load(_folder.PathOf("damaged"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bound_is_0_when_nothing_was_left_out_and_else_the_least_quality()
    {
        using var all = Fit(Options);
        using var one = Fit(Options with { MaxRegions = 1 });

        Assert.Equal(0, Rows(all)[0].Regions!.Bound);
        var least = Assert.Single(Rows(one)[0].Regions!.Qualities.ToArray());
        Assert.Equal(least, Rows(one)[0].Regions!.Bound);
    }

    [Fact]
    public void A_detector_that_gives_no_regions_says_so_at_once()
    {
        using var old = _mlContext.Fit(Toy.Options, _data);

        foreach (var ask in (Action[])[() => _mlContext.Fit(Options, _data), () => old.WithOptions(Options), () => old.FindRegions(new ToyImage(9, 9).ToMLImage())])
            Assert.Contains("Export it again", Assert.Throws<InvalidOperationException>(ask).Message, StringComparison.Ordinal);
        Assert.Equal(2, _mlContext.Rows(old.Transform(_data)).Length);
    }

    [Fact]
    public void Regions_of_another_text_encoder_are_refused()
    {
        using var detector = Fit(Options);
        var model = ToyDetector.WithRegions;
        byte[] tokenizer = [.. ToyDetector.Tokenizer, .. "r e\n"u8];
        var manifest = model.Manifest with { TextEncoderHash = DetectorModel.HashTextEncoder(model.TextGraph, tokenizer) };
        using var other = _mlContext.Fit(Options, _data, new(manifest, model.ImageGraph, model.TextGraph, tokenizer));

        Assert.Contains("another text encoder", Assert.Throws<ArgumentException>(() => other.Requery(Rows(detector)[0].Regions!)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    public void Scores_are_those_of_the_formula(float clamp, bool geometric)
    {
        var scoring = new RegionScoring { Bias = -1, Clamp = clamp, GeometricMean = geometric };
        var logit = clamp > 0 ? Math.Clamp(3.5 - 1, -clamp, clamp) : 3.5 - 1;
        var expected = 0.6 / (1 + Math.Exp(-logit));

        Assert.Equal(geometric ? Math.Sqrt(expected) : expected, scoring.Score(3.5f, 0.6f), 1e-6);
        Assert.True(scoring.Score(1e30f, 0.6f) <= scoring.Bound(0.6f));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(67)]
    public void A_dot_product_equals_the_plain_sum(int length)
    {
        var random = new Random(length);
        float[] a = [.. Enumerable.Range(0, length).Select(_ => random.NextSingle() - 0.5f)], b = [.. a.Reverse()];

        Assert.Equal(a.Zip(b, (x, y) => (double)x * y).Sum(), Vectors.Dot(a, b), 1e-5);
    }

    private OpenVocabularyDetectionTransformer Fit(OpenVocabularyDetectionEstimator.Options options) => _mlContext.Fit(options, _data, ToyDetector.WithRegions);

    private RegionsRow[] Rows(OpenVocabularyDetectionTransformer detector) => [.. _mlContext.Data.CreateEnumerable<RegionsRow>(detector.Transform(_data), reuseRowObject: false)];

    private sealed class RegionsRow
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;

        [Regions]
        public RegionList? Regions { get; set; }
    }
}
