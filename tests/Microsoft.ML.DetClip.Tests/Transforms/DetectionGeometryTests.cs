using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class DetectionGeometryTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3, 64)]
    [InlineData(4, 512)]
    public void Boxes_are_in_pixels_of_the_original_image_whatever_its_size_and_shape(int seed, int? canvasMultiple = null)
    {
        var random = new Random(seed);
        var cases = Enumerable.Range(0, 12).Select(_ => RandomCase(random)).ToArray();
        var rows = cases.Select((c, i) => new PathRow { Image = ToyImage.WithRed(c.Width, c.Height, c.Box).Save(_folder, $"{i}.png") });

        var found = Detect(_mlContext.Data.LoadFromEnumerable(rows), new() { CanvasMultiple = canvasMultiple });

        Assert.All(cases.Zip(found), c => AssertRed(c.First.Box, c.Second));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    public void Boxes_are_on_the_upright_image_for_every_EXIF_orientation(int orientation)
    {
        var box = new Box(32, 48, 128, 80);
        var jpeg = ToyImage.WithRed(320, 176, box).ToJpeg(orientation);
        File.WriteAllBytes(_folder.PathOf("photo.jpg"), jpeg);

        var byPath = Detect(_mlContext.Data.LoadFromEnumerable([new PathRow { Image = _folder.PathOf("photo.jpg") }]));
        var byBytes = Detect(_mlContext.Data.LoadFromEnumerable([new BytesRow { Image = jpeg }]));

        AssertRed(box, byPath[0]);
        Assert.Equal(byPath[0], byBytes[0]);
    }

    [Fact]
    public void An_image_a_path_and_bytes_give_the_same()
    {
        var image = new ToyImage(300, 200, (ToyImage.Red, new(20, 30, 90, 120)), (ToyImage.Blue, new(150, 10, 290, 60)));
        var paths = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = image.Save(_folder) }]);
        var images = _mlContext.Transforms.LoadImages("Image", null, "Image").Fit(paths).Transform(paths);
        var bytes = _mlContext.Data.LoadFromEnumerable([new BytesRow { Image = image.ToPng() }]);

        var expected = Detect(paths)[0];

        Assert.Equal(["red", "blue"], expected.Select(d => d.Label).Order(StringComparer.Ordinal).Reverse());
        Assert.Equal(expected, Detect(images)[0]);
        Assert.Equal(expected, Detect(bytes)[0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20_000, 20)]
    [InlineData(7, 3000)]
    public void Odd_sizes_are_looked_at_too(int width, int height)
    {
        var all = new Box(0, 0, width, height);
        var row = new PathRow { Image = ToyImage.WithRed(width, height, all).Save(_folder) };

        var found = Detect(_mlContext.Data.LoadFromEnumerable([row]));

        var detection = Assert.Single(found[0]);
        Assert.Equal("red", detection.Label);
        Assert.InRange(Toy.WorstEdge(all, detection.Box), 0, 0.05f * Math.Max(width, height));
    }

    private DetectionList[] Detect(IDataView data, DetectorRuntime? runtime = null)
    {
        using var detector = _mlContext.Fit(Toy.Options with { Runtime = runtime ?? new() }, data);
        return [.. _mlContext.Rows(detector.Transform(data)).Select(r => r.Detections)];
    }

    private static (int Width, int Height, Box Box) RandomCase(Random random)
    {
        var (width, height) = (random.Next(40, 600), random.Next(40, 600));
        var (x0, y0) = (random.Next(0, width - 16), random.Next(0, height - 16));
        return (width, height, new(x0, y0, x0 + random.Next(12, width - x0 + 1), y0 + random.Next(12, height - y0 + 1)));
    }

    private static void AssertRed(Box expected, DetectionList found)
    {
        var detection = Assert.Single(found);
        Assert.Equal("red", detection.Label);
        Assert.Equal(ToyDetector.Score("red"), detection.Score, 0.01f);
        Assert.True(Toy.WorstEdge(expected, detection.Box) <= 1, $"expected {expected}, found {detection.Box}");
    }
}
