namespace Microsoft.ML.DetClip.Training.Tests;

public class AugmentationTests
{
    [Fact]
    public void Sizes_are_drawn_from_the_whole_range_and_flips_as_often_as_asked()
    {
        var augmentation = new Augmentation(SmallestShortSide: 100, ShortSide: 110, LongSide: 1000, FlipProbability: 0.25);
        var random = new Random(1);

        var draws = Enumerable.Range(0, 2000).Select(_ => augmentation.Draw(400, 200, random)).ToArray();

        Assert.Equal(Enumerable.Range(100, 11), draws.Select(d => d.Fit.ContentHeight).Distinct().Order());
        Assert.InRange(draws.Count(d => d.Flip), 400, 600);
        Assert.All(draws, d => Assert.Equal(0, d.Fit.CanvasWidth % Augmentation.SizeDivisor));
    }

    [Fact]
    public void The_long_side_is_never_passed() =>
        Assert.Equal((300, 30), new Augmentation(100, 100, 300, 0).Draw(1000, 100, new Random(1)).Fit is var fit ? (fit.ContentWidth, fit.ContentHeight) : default);

    [Fact]
    public void A_flipped_box_is_as_far_from_the_right_as_it_was_from_the_left()
    {
        var fit = Letterbox.Fit(100, 50, 100, 200, 32); // twice as large

        Assert.Equal(new Box(20, 10, 60, 50), Augmentation.ToCanvas(new Box(10, 5, 30, 25), fit, flip: false));
        Assert.Equal(new Box(140, 10, 180, 50), Augmentation.ToCanvas(new Box(10, 5, 30, 25), fit, flip: true));
    }

    [Fact]
    public void Boxes_are_cut_at_the_image_and_dropped_when_nothing_is_left()
    {
        var fit = Letterbox.Fit(100, 50, 50, 200, 32);

        Assert.Equal(new Box(90, 40, 100, 50), Augmentation.ToCanvas(new Box(90, 40, 130, 90), fit, flip: false));
        Assert.Null(Augmentation.ToCanvas(new Box(99.5f, 10, 130, 20), fit, flip: false));
    }
}
