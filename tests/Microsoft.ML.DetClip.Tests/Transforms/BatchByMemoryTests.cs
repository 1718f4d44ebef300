using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip.Tests;

public sealed class BatchByMemoryTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<long?> Budgets => [1, 30_000_000, 300_000_000, long.MaxValue, null];

    [Theory]
    [MemberData(nameof(Budgets))]
    public void Any_budget_gives_the_same_whole_or_in_tiles(long? budget)
    {
        var data = Data(23);
        foreach (var tiles in new[] { null, new TileOptions { Columns = 2, Rows = 2 } })
        {
            var options = Toy.Options with { Tiles = tiles };
            using var alone = _mlContext.Fit(options with { BatchSize = 1 }, data);
            using var automatic = _mlContext.Fit(options with { BatchSize = 0, Runtime = new() { MemoryBudget = budget } }, data);

            var found = _mlContext.Rows(automatic.Transform(data)).Select(r => r.Detections).ToArray();

            Assert.Equal(23, found.Length);
            Assert.Equal(_mlContext.Rows(alone.Transform(data)).Select(r => r.Detections), found);
        }
    }

    [Fact]
    public void As_many_images_go_through_the_graph_as_the_budget_has_room_for()
    {
        var image = ToyImage.WithRed(60, 60, new(5, 5, 50, 50)).Save(_folder); // 256x256 pixels on the canvas, where the largest have 512x256
        var data = _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 11).Select(_ => new PathRow { Image = image }));
        var largest = new MemoryBudget(1, DetectorMemory.Unknown).OfImage(512 * 256, phrases: 1);
        var options = new OpenVocabularyDetectionEstimator.Options { Labels = ["red"], ScoreThreshold = 0, BatchSize = 0, Runtime = new() { MemoryBudget = (long)(3.6 * largest) } };
        using var detector = _mlContext.Fit(options, data, ToyDetector.BatchTelling);
        using var tiled = detector.WithOptions(options with { Tiles = new() { Columns = 3, Rows = 3, WholeImage = false }, IouThreshold = 1 });

        var scores = _mlContext.Rows(detector.Transform(data)).Select(r => r.Score[0]);

        Assert.Equal(3, detector.BatchRows);
        Assert.Equal([.. Enumerable.Repeat(0.003f, 9), 0.002f, 0.002f], scores);
        Assert.Equal(0.007f, _mlContext.Rows(tiled.Transform(data)).Max(r => r.Score.Max())); // 27 tiles of three rows, seven of half the size at a time
    }

    [Fact]
    public void Rows_are_read_ahead_by_no_more_than_two_of_the_largest_batches()
    {
        var read = 0;
        var image = ToyImage.WithRed(100, 80, new(10, 20, 60, 70)).Save(_folder);
        IEnumerable<PathRow> Read()
        {
            for (var i = 0; i < 100; i++)
            {
                read++;
                yield return new() { Id = i, Image = image };
            }
        }
        var data = _mlContext.Data.LoadFromEnumerable(Read());
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 0, Runtime = new() { MemoryBudget = long.MaxValue } }, data);
        read = 0;
        var taken = 0;

        foreach (var row in _mlContext.Data.CreateEnumerable<FoundRow>(detector.Transform(data), reuseRowObject: false).Take(40))
            Assert.InRange(Volatile.Read(ref read), ++taken, taken + 2 * MemoryBudget.MostImages);

        Assert.Equal(MemoryBudget.MostImages, detector.BatchRows);
        Assert.Equal(40, taken);
    }

    [Fact]
    public void A_prediction_engine_gives_the_same()
    {
        var data = Data(4);
        using var detector = _mlContext.Fit(Toy.Options with { BatchSize = 0 }, data);
        using var engine = _mlContext.Model.CreatePredictionEngine<PathRow, FoundRow>(detector, new PredictionEngineOptions { OwnsTransformer = false });

        var byEngine = _mlContext.Data.CreateEnumerable<PathRow>(data, false).Select(row => engine.Predict(row).Detections);

        Assert.Equal(_mlContext.Rows(detector.Transform(data)).Select(r => r.Detections), byEngine);
    }

    [Fact]
    public void The_log_tells_what_was_chosen_and_only_then()
    {
        List<string> log = [];
        _mlContext.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Info && e.Source.Contains("Detection", StringComparison.Ordinal)) log.Add(e.RawMessage); };
        var data = Data(1);

        _mlContext.Fit(Toy.Options, data).Dispose();
        Assert.Empty(log);
        _mlContext.Fit(Toy.Options with { BatchSize = 0, Runtime = new() { MemoryBudget = 1L << 30 } }, data).Dispose();

        Assert.Equal("BatchSize is 0, chosen by memory: 9 images of 512x256 pixels and 3 phrases at a time, about 112 MiB each, of 1024 MiB.", Assert.Single(log));
    }

    [Fact]
    public void A_saved_model_chooses_again_where_it_is_loaded()
    {
        var data = Data(3);
        var options = Toy.Options with { BatchSize = 0, Runtime = new() { MemoryBudget = 123_456_789 } };
        using var detector = _mlContext.Fit(options, data);
        var file = _folder.PathOf("model.zip");
        _mlContext.Model.Save(detector, data.Schema, file);

        using var loaded = (OpenVocabularyDetectionTransformer)_mlContext.UseDetClip().Model.Load(file, out _);

        Assert.Equal((0, 123_456_789L), (loaded.Options.BatchSize, loaded.Options.Runtime.MemoryBudget));
        Assert.Equal(detector.BatchRows, loaded.BatchRows);
    }

    // Of five sizes, some of which share a canvas.
    private IDataView Data(int count) => _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count)
        .Select(i => new PathRow { Id = i, Image = ToyImage.WithRed(60 + 20 * (i % 5), 80, new(5 + i, 7, 50, 60)).Save(_folder) }).ToArray());
}
