namespace Microsoft.ML.DetClip.Tests;

public sealed class TiledDetectionTests : IDisposable
{
    private static readonly TileOptions Tiles = new() { Size = 200, WholeImage = false };

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(100, 50, 500, 150)] // through three tiles
    [InlineData(150, 120, 230, 250)] // in the corner of four
    [InlineData(20, 30, 60, 90)] // inside one
    public void A_box_is_the_same_whatever_cuts_the_object(int x0, int y0, int x1, int y1)
    {
        var truth = new Box(x0, y0, x1, y1);

        var found = Assert.Single(Detect(Toy.Options with { Tiles = Tiles }, ToyImage.WithRed(600, 350, truth))[0]);

        Assert.InRange(Toy.WorstEdge(truth, found.Box), 0, 2);
    }

    [Fact]
    public void Objects_that_are_one_blur_in_the_whole_image_are_found_in_its_tiles()
    {
        Box[] truths = [new(20, 30, 60, 90), new(520, 250, 580, 330)];
        var image = new ToyImage(600, 350, [.. truths.Select(t => (ToyImage.Red, t))]);

        var found = Detect(Toy.Options with { Tiles = Tiles }, image)[0];

        Assert.Single(Detect(Toy.Options, image)[0]);
        Assert.Equal(2, found.Count);
        Assert.All(truths, truth => Assert.Contains(found, d => Toy.WorstEdge(truth, d.Box) < 2));
    }

    [Fact]
    public void An_image_no_larger_than_a_tile_is_looked_at_as_ever()
    {
        var image = new ToyImage(180, 150, (ToyImage.Red, new(20, 30, 60, 90)), (ToyImage.Blue, new(90, 30, 160, 90)));

        Assert.Equal(Detect(Toy.Options, image), Detect(Toy.Options with { Tiles = Tiles with { WholeImage = true } }, image));
    }

    [Theory]
    [InlineData(NmsKind.Hard, NmsScope.Class)]
    [InlineData(NmsKind.SoftLinear, NmsScope.Group)]
    [InlineData(NmsKind.SoftGaussian, NmsScope.All)]
    public void The_batch_size_changes_nothing(NmsKind kind, NmsScope scope)
    {
        ToyImage[] images =
        [
            ToyImage.WithRed(600, 350, new(100, 50, 500, 150)), ToyImage.WithRed(90, 70, new(10, 10, 50, 50)),
            new(300, 300, (ToyImage.Green, new(100, 50, 250, 150)), (ToyImage.Blue, new(100, 160, 250, 290))),
        ];
        var options = Toy.Options with { Tiles = Tiles with { WholeImage = true }, NmsKind = kind, NmsScope = scope };

        var alone = Detect(options with { BatchSize = 1 }, images);

        Assert.All(alone, found => Assert.NotEmpty(found));
        Assert.Equal(alone, Detect(options with { BatchSize = 7 }, images));
    }

    [Fact]
    public void No_call_of_the_network_sees_more_tiles_than_the_batch_size()
    {
        var options = Toy.Options with { Labels = ["red"], Tiles = Tiles, BatchSize = 3, ScoreThreshold = 0 };

        var found = Detect(options, ToyDetector.BatchTelling, ToyImage.WithRed(600, 350, new(100, 50, 500, 150)))[0];

        Assert.Equal(0.003f, found[0].Score);
    }

    [Fact]
    public void Tiled_regions_answer_as_tiled_detection_does()
    {
        var image = new ToyImage(600, 350, (ToyImage.Red, new(100, 50, 500, 150)), (ToyImage.Green, new(90, 200, 160, 290)));
        var options = Toy.Options with { Tiles = Tiles };

        var direct = Detect(options, ToyDetector.WithRegions, image)[0];
        var regions = Detect(options with { RegionsColumnName = "Regions" }, ToyDetector.WithRegions, image)[0];

        Assert.Equal(2, direct.Count);
        Assert.All(direct.Zip(regions), d =>
        {
            Assert.Equal((d.First.Label, d.First.Box), (d.Second.Label, d.Second.Box));
            Assert.Equal(d.First.Score, d.Second.Score, 1e-5f);
        });
    }

    [Fact]
    public void The_least_size_counts_for_the_object_not_for_its_parts()
    {
        var options = Toy.Options with { Tiles = Tiles, MinSize = 50 };
        var truth = new Box(150, 60, 210, 120); // its part in the second tile, which begins at 133, is larger than that in the first

        Assert.Single(Detect(options, ToyImage.WithRed(600, 350, truth))[0]);
        Assert.Empty(Detect(options with { MinSize = 61 }, ToyImage.WithRed(600, 350, truth))[0]);
    }

    private DetectionList[] Detect(OpenVocabularyDetectionEstimator.Options options, params ToyImage[] images) => Detect(options, ToyDetector.Model, images);

    private DetectionList[] Detect(OpenVocabularyDetectionEstimator.Options options, DetectorModel model, params ToyImage[] images)
    {
        var data = _mlContext.Data.LoadFromEnumerable(images.Select((image, i) => new PathRow { Image = image.Save(_folder, $"{i}.png") }).ToArray());
        using var detector = _mlContext.Fit(options, data, model);
        return [.. _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections)];
    }
}
