namespace Microsoft.ML.DetClip.Tests;

public sealed class OpenVocabularyDetectionTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_schema_has_the_columns_that_the_estimator_announces()
    {
        var data = Data(1);
        var estimator = _mlContext.Transforms.DetectOpenVocabulary(ToyDetector.Model, Toy.Options with { ScoreColumnName = "Probability" });

        using var detector = estimator.Fit(data);

        var announced = estimator.GetOutputSchema(ShapeOf(data.Schema));
        var actual = ShapeOf(detector.GetOutputSchema(data.Schema));
        Assert.Equal(Describe(actual), Describe(announced));
        Assert.Equal(["Image", "Id", "PredictedLabel", "Probability", "PredictedBoundingBoxes", "Detections"], announced.Select(c => c.Name));
        Assert.Equal(Describe(actual), Describe(ShapeOf(detector.Transform(data).Schema)));
        Assert.Equal(Describe(actual), Describe(ShapeOf(detector.GetRowToRowMapper(data.Schema).OutputSchema)));
    }

    [Fact]
    public void The_columns_say_the_same_as_the_detections()
    {
        using var detector = _mlContext.Fit(Toy.Options, Data(5));

        Assert.All(_mlContext.Rows(detector.Transform(Data(5))), row =>
        {
            Assert.NotEmpty(row.Detections);
            Assert.Equal(row.Detections.Select(d => d.Label), row.PredictedLabel);
            Assert.Equal(row.Detections.Select(d => d.Score), row.Score);
            Assert.Equal(row.Detections.SelectMany(d => new[] { d.Box.X0, d.Box.Y0, d.Box.X1, d.Box.Y1 }), row.PredictedBoundingBoxes);
        });
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(256)]
    public void Any_batch_size_gives_the_same(int batchSize)
    {
        var data = Data(21);

        var expected = Detect(Toy.Options with { BatchSize = 1 }, data);

        Assert.Equal(21, expected.Length);
        Assert.Equal(expected, Detect(Toy.Options with { BatchSize = batchSize }, data));
    }

    [Fact]
    public void Images_of_one_size_go_through_the_graph_together()
    {
        var image = ToyImage.WithRed(60, 60, new(5, 5, 50, 50)).Save(_folder);
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 11).Select(_ => new PathRow { Image = image }));
        using var detector = _mlContext.Fit(new() { Labels = ["red"], ScoreThreshold = 0, BatchSize = 8 }, data, ToyDetector.BatchTelling);

        var scores = _mlContext.Rows(detector.Transform(data)).Select(r => r.Score[0]);

        Assert.Equal([.. Enumerable.Repeat(0.008f, 8), .. Enumerable.Repeat(0.003f, 3)], scores);
    }

    [Fact]
    public void A_prediction_engine_gives_the_same()
    {
        var data = Data(6);
        using var detector = _mlContext.Fit(Toy.Options, data);
        using var engine = _mlContext.Model.CreatePredictionEngine<PathRow, FoundRow>(detector, new PredictionEngineOptions { OwnsTransformer = false });

        var byEngine = _mlContext.Data.CreateEnumerable<PathRow>(data, false).Select(row => engine.Predict(row).Detections);

        Assert.Equal(_mlContext.Rows(detector.Transform(data)).Select(r => r.Detections), byEngine);
    }

    [Fact]
    public void Eight_threads_on_one_detector_give_what_one_gives()
    {
        var data = Data(9);
        using var detector = _mlContext.Fit(Toy.Options, data);
        var expected = _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections).ToArray();

        var found = new DetectionList[8][];
        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
            found[i] = [.. _mlContext.Rows(detector.WithVocabulary(Toy.Options.Labels).Transform(data)).Select(r => r.Detections)]);

        Assert.All(found, f => Assert.Equal(expected, f));
    }

    [Fact]
    public void A_label_has_the_same_score_whichever_labels_it_stands_with()
    {
        var data = Data(4);
        using var detector = _mlContext.Fit(Toy.Options with { Labels = ["red"] }, data);
        using var more = detector.WithVocabulary(["zebra", "green", "red", "blue", "mug"]);

        var alone = _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections.ToArray());
        var among = _mlContext.Rows(more.Transform(data)).Select(r => r.Detections.Where(d => d.Label == "red").ToArray());

        Assert.Equal(alone, among);
    }

    [Fact]
    public void A_definition_reaches_the_text_encoder()
    {
        var data = Data(1);
        using var detector = _mlContext.Fit(Toy.Options with { Labels = [new("red", "warm")] }, data);

        var found = Assert.Single(_mlContext.Rows(detector.Transform(data))[0].Detections);

        Assert.Equal("red", found.Label);
        Assert.Equal(1 - ToyDetector.PerToken * (2 + "red,warm".Length), found.Score, 1e-5f);
    }

    [Fact]
    public void Each_row_may_name_its_own_classes()
    {
        var image = new ToyImage(100, 80, (ToyImage.Red, new(10, 10, 40, 40)), (ToyImage.Blue, new(50, 20, 90, 70))).Save(_folder);
        string[][] classes = [["red"], ["blue", "red"], [], ["green"], ["blue"], ["blue", "red"]];
        var data = _mlContext.Data.LoadFromEnumerable(classes.Select(c => new LabelledRow { Image = image, Classes = c }));
        using var detector = _mlContext.Fit(new() { LabelsColumnName = "Classes", ScoreThreshold = 0.1f }, data);

        var found = _mlContext.Rows(detector.Transform(data)).Select(r => r.PredictedLabel.Order().ToArray());

        Assert.Equal([["red"], ["blue", "red"], [], [], ["blue"], ["blue", "red"]], found);
    }

    [Fact]
    public void A_threshold_of_0_hides_nothing_but_score_0()
    {
        var data = Data(1);

        var all = Detect(Toy.Options with { Labels = ["red", "ruby"], ScoreThreshold = 0, IouThreshold = 1 }, data)[0];

        Assert.Equal(["red", "ruby"], all.Select(d => d.Label).Order());
    }

    [Fact]
    public void Limits_are_kept()
    {
        var image = new ToyImage(100, 80, (ToyImage.Red, new(10, 10, 40, 40)), (ToyImage.Blue, new(50, 20, 90, 70))).Save(_folder);
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = image }]);

        Assert.Equal(2, Assert.Single(Detect(Toy.Options, data)).Count);
        Assert.Single(Assert.Single(Detect(Toy.Options with { MaxDetections = 1 }, data)));
        Assert.Single(Assert.Single(Detect(Toy.Options with { MaxRegions = 1 }, data)));
        Assert.Empty(Assert.Single(Detect(Toy.Options with { ScoreThreshold = 0.99f }, data)));
    }

    [Fact]
    public void A_text_that_is_cut_is_a_warning_that_shows_what_is_lost()
    {
        List<string> log = [];
        _mlContext.Log += (_, e) => { if (e.Kind == Runtime.ChannelMessageKind.Warning) log.Add(e.RawMessage); };
        var data = Data(1);

        using var detector = _mlContext.Fit(Toy.Options with { Labels = ["red", new("green", "a colour {0} between blue and yellow")] }, data);
        using var again = detector.WithVocabulary(["red", "blue sky above the sea"]);

        Assert.Equal(
        [
            "'green, a colour {0} between blue and yellow' is longer than the 16 tokens that the text encoder reads; it does not see '0} between blue and yellow'.",
            "'blue sky above the sea' is longer than the 16 tokens that the text encoder reads; it does not see 'e sea'.",
        ], log);
    }

    private DetectionList[] Detect(OpenVocabularyDetectionEstimator.Options options, IDataView data)
    {
        using var detector = _mlContext.Fit(options, data);
        return [.. _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections)];
    }

    // Images of several canvases; each has a red rectangle, every second a green one.
    private IDataView Data(int count) => _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new PathRow { Id = i, Image = SaveImage(i) }).ToArray());

    private string SaveImage(int i)
    {
        var (width, height) = (i % 3) switch { 0 => (100, 80), 1 => (80, 100), _ => (120, 40) };
        (SkiaSharp.SKColor, Box) red = (ToyImage.Red, new(5 + i, 4, 40 + i, 30));
        return (i % 2 == 0 ? new ToyImage(width, height, red) : new(width, height, red, (ToyImage.Green, new(2, 32, 30, 38)))).Save(_folder, $"{i}.png");
    }

    private static SchemaShape ShapeOf(DataViewSchema schema) => SchemaShapes.Of(schema.Select(c => (c.Name, c.Type)));

    private static IEnumerable<string> Describe(SchemaShape shape) => shape.Select(c => $"{c.Name}: {c.Kind} {c.ItemType} {c.IsKey}");
}
