using Microsoft.ML.Data;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Tests;

public sealed class DetectionDrawingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("drawing").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(160, 120)]
    [InlineData(4000, 3000)]
    public void A_box_is_drawn_in_its_names_colour_and_the_rest_is_untouched(int width, int height)
    {
        using var image = Gray(width, height);
        var box = new Box(width / 4, height / 2, width / 2, height * 3 / 4);

        using var drawn = DetectionDrawing.Draw(image, [new("red star", 0.87f, box)]);

        Assert.Equal(LabelColours.Of("red star"), Pixel(drawn, (int)box.X0 + 1, (int)box.Y1 - height / 16));
        Assert.Equal(LabelColours.Of("red star"), Pixel(drawn, (int)box.X1 - 2, (int)box.Y1 - height / 16));
        Assert.Equal(Grey, Pixel(drawn, width * 3 / 8, height * 5 / 8)); // inside
        Assert.Equal(Grey, Pixel(drawn, width / 4, height * 7 / 8)); // below
        Assert.Equal(Grey, Pixel(drawn, width * 7 / 8, height / 2)); // to the right
        Assert.All(image.Pixels.ToArray().Chunk(4), p => Assert.Equal(Grey, new SKColor(p[2], p[1], p[0], p[3])));
    }

    [Fact]
    public void The_plate_shows_the_text_in_a_colour_that_stands_out()
    {
        using var image = Gray(320, 240);

        using var drawn = DetectionDrawing.Draw(image, [new("zebra", 0.5f, new(100, 100, 200, 200))]);
        using var other = DetectionDrawing.Draw(image, [new("zebra", 0.6f, new(100, 100, 200, 200))]);

        var text = LabelColours.TextOn(LabelColours.Of("zebra"));
        var ink = Enumerable.Range(0, 320 * 100).Count(i => Pixel(drawn, i % 320, i / 320) == text);
        Assert.InRange(ink, 30, 2000);
        Assert.NotEqual(drawn.Pixels.ToArray(), other.Pixels.ToArray()); // the score is shown
    }

    [Fact]
    public void The_saved_file_is_the_drawn_picture_and_nothing_else_is_left()
    {
        using var image = Gray(300, 200);
        Detection[] detections = [new("mug", 0.9f, new(10, 20, 100, 150)), new("a name that is much longer than the image is wide", 0.4f, new(200, 20, 290, 60))];
        var path = Path.Combine(_folder, "new", "drawn.png");

        DetectionDrawing.SavePng(image, detections, path);

        using var drawn = DetectionDrawing.Draw(image, detections);
        using var saved = ImageDecoder.FromFile(path);
        Assert.Equal(drawn.Pixels.ToArray(), saved.Pixels.ToArray());
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Nothing_to_draw_leaves_a_copy()
    {
        using var image = Gray(50, 40);

        using var none = DetectionDrawing.Draw(image, []);
        using var outside = DetectionDrawing.Draw(image, [new("far", 1, new(60, 60, 70, 70)), new("empty", 1, new(5, 5, 5, 9)), new("nowhere", 1, new(float.NaN, 0, 9, 9))]);

        Assert.Equal(image.Pixels.ToArray(), none.Pixels.ToArray());
        Assert.Equal(image.Pixels.ToArray(), outside.Pixels.ToArray());
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(20000, 20)]
    [InlineData(24, 24)]
    public void Extreme_images_are_drawn_on(int width, int height)
    {
        using var image = Gray(width, height);

        using var drawn = DetectionDrawing.Draw(image, [new("thing", 0.5f, new(0, 0, width, height)), new("", 0.5f, new(0, 0, 1, 1))]);

        Assert.Equal((width, height), (drawn.Width, drawn.Height));
        Assert.NotEqual(image.Pixels.ToArray(), drawn.Pixels.ToArray());
    }

    [Fact]
    public void A_small_image_is_not_covered_with_plates()
    {
        using var image = Gray(64, 64);
        Detection[] detections = [.. Enumerable.Range(0, 8).Select(i => new Detection($"thing {i}", 0.9f - i / 10f, new(8 * i, 8 * i, 8 * i + 7, 8 * i + 7)))];

        using var drawn = DetectionDrawing.Draw(image, detections);
        using var best = DetectionDrawing.Draw(image, detections[..1]);

        Assert.InRange(Enumerable.Range(0, 64 * 64).Count(i => Pixel(drawn, i % 64, i / 64) == Grey), 64 * 64 / 3, 64 * 64);
        Assert.InRange(Enumerable.Range(0, 64 * 64).Count(i => Pixel(best, i % 64, i / 64) == LabelColours.Of("thing 0")), 300, 64 * 64);
    }

    [Fact]
    public void Plates_stay_inside_the_image_and_avoid_each_other()
    {
        var random = new Random(1);
        for (var n = 0; n < 200; n++)
        {
            var layout = new LabelLayout(new(400, 300), []);
            var plates = Enumerable.Range(0, 4).Select(i =>
            {
                var (x, y) = (random.Next(-20, 380), random.Next(-20, 280));
                return layout.Place(new(60, 14), new(x, y, x + random.Next(1, 200), y + random.Next(1, 200)));
            }).ToArray();

            Assert.All(plates, plate => Assert.True(new SKRect(0, 0, 400, 300).Contains(plate)));
        }
        var crowded = new LabelLayout(new(400, 300), []);
        var (first, second) = (crowded.Place(new(60, 14), new(100, 100, 200, 200)), crowded.Place(new(60, 14), new(100, 100, 200, 200)));
        Assert.Equal(100, first.Bottom); // above the box
        Assert.True(first.Bottom <= second.Top || second.Bottom <= first.Top);
    }

    [Fact]
    public void Every_printable_character_is_drawn_and_none_looks_like_another()
    {
        var pictures = Enumerable.Range(' ', 95).ToDictionary(c => (char)c, c => Render(((char)c).ToString()));

        Assert.All(pictures, p => Assert.Equal(p.Key == ' ', p.Value.All(v => v == 255)));
        Assert.Equal(95, pictures.Values.Select(Convert.ToHexString).Distinct().Count());
        Assert.Contains(Render("\uE123"), v => v < 255); // private use: no font has it, so a box is drawn
    }

    [Fact]
    public void Names_keep_their_colour_and_differ()
    {
        string[] names = ["mug", "red car", "zebra", "bass", "dog", "cat", "person", "tree"];

        Assert.Equal(new SKColor(0xFFE71212), LabelColours.Of("mug"));
        Assert.InRange(names.Select(LabelColours.Of).Distinct().Count(), 6, 8);
        Assert.All(names, n => Assert.Contains(LabelColours.TextOn(LabelColours.Of(n)), (SKColor[])[SKColors.Black, SKColors.White]));
    }

    private static SKColor Grey { get; } = new(128, 128, 128);

    private static MLImage Gray(int width, int height)
    {
        var pixels = new byte[4 * width * height];
        Array.Fill(pixels, (byte)128);
        for (var i = 3; i < pixels.Length; i += 4) pixels[i] = 255;
        return MLImage.CreateFromPixels(width, height, MLPixelFormat.Bgra32, pixels);
    }

    private static SKColor Pixel(MLImage image, int x, int y)
    {
        var p = image.Pixels.Slice(4 * (y * image.Width + x), 4);
        return new(p[2], p[1], p[0], p[3]);
    }

    private static byte[] Render(string text)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 40, SKColorType.Gray8, SKAlphaType.Opaque));
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.White);
        StrokeFont.Draw(canvas, text, 8, 28, 18, SKColors.Black);
        return bitmap.Bytes;
    }
}
