namespace Microsoft.ML.DetClip.Tests;

public sealed class LetterboxTests
{
    [Theory]
    [InlineData(640, 480, 1067, 800, 1088, 800)] // the short side decides
    [InlineData(2000, 1000, 1333, 667, 1344, 672)] // the long side decides; 666.5 rounds up, as MMDetection does
    [InlineData(480, 640, 800, 1067, 800, 1088)]
    [InlineData(1, 1, 800, 800, 800, 800)]
    [InlineData(20000, 20, 1333, 1, 1344, 32)]
    [InlineData(1, 100000, 1, 1333, 32, 1344)]
    public void Fit_gives_the_papers_sizes(int width, int height, int contentWidth, int contentHeight, int canvasWidth, int canvasHeight) =>
        Assert.Equal(new(width, height, contentWidth, contentHeight, canvasWidth, canvasHeight), Letterbox.Fit(width, height, 800, 1333, 32));

    [Theory]
    [InlineData(32, 1088, 800)]
    [InlineData(128, 1152, 896)]
    [InlineData(100, 1120, 800)] // a multiple of the divisor in any case
    [InlineData(1333, 1344, 1344)]
    public void A_wider_canvas_is_a_multiple_and_keeps_the_content(int multiple, int canvasWidth, int canvasHeight) =>
        Assert.Equal(new(640, 480, 1067, 800, canvasWidth, canvasHeight), Letterbox.Fit(640, 480, 800, 1333, 32).Widened(multiple, 32));

    [Fact]
    public void Random_images_fit_the_canvas_and_boxes_map_there_and_back()
    {
        var random = new Random(1);
        for (var n = 0; n < 2000; n++)
        {
            var (width, height) = (1 + random.Next(1 << random.Next(15)), 1 + random.Next(1 << random.Next(15)));
            var plan = Letterbox.Fit(width, height, 1 + random.Next(1000), 1 + random.Next(1500), 1 + random.Next(64));
            Assert.InRange(plan.ContentWidth, 1, plan.CanvasWidth);
            Assert.InRange(plan.ContentHeight, 1, plan.CanvasHeight);

            var (x, y) = (random.NextSingle() * width, random.NextSingle() * height);
            var box = new Box(x, y, x + random.NextSingle() * (width - x), y + random.NextSingle() * (height - y));
            var back = plan.ToSource(plan.ToCanvas(box));
            Assert.Equal(box.X0, back.X0, 1e-6f * width);
            Assert.Equal(box.Y1, back.Y1, 1e-6f * height);
        }
    }

    [Fact]
    public void A_box_in_the_padding_is_clipped_to_the_image()
    {
        var plan = Letterbox.Fit(100, 50, 50, 100, 64);

        Assert.Equal(new Box(0, 0, 100, 50), plan.ToSource(new Box(-10, -10, 128, 64)));
    }

    [Theory]
    [InlineData(0, 1, 1, 1, 1)]
    [InlineData(1, -1, 1, 1, 1)]
    [InlineData(1, 1, 0, 1, 1)]
    [InlineData(1, 1, 1, 0, 1)]
    [InlineData(1, 1, 1, 1, 0)]
    public void Sizes_must_be_positive(int width, int height, int shortSide, int longSide, int divisor) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Letterbox.Fit(width, height, shortSide, longSide, divisor));
}
