namespace Microsoft.ML.DetClip.Tests;

public sealed class BoxTests
{
    [Fact]
    public void IoU_of_hand_worked_boxes()
    {
        var box = new Box(0, 0, 10, 10);

        Assert.Equal(1, box.IoU(box));
        Assert.Equal(1f / 3, box.IoU(new(5, 0, 15, 10)), 1e-6f);
        Assert.Equal(0.25f, box.IoU(new(0, 0, 5, 5)));
        Assert.Equal(0, box.IoU(new(10, 0, 20, 10))); // they only touch
        Assert.Equal(0, box.IoU(new(3, 3, 3, 3)));
        Assert.Equal(0, new Box(3, 3, 3, 3).IoU(new(3, 3, 3, 3)));
    }

    [Fact]
    public void IoU_is_symmetric_bounded_and_ignores_shifts()
    {
        var random = new Random(1);
        for (var n = 0; n < 1000; n++)
        {
            var (a, b) = (RandomBox(random), RandomBox(random));
            Assert.InRange(a.IoU(b), 0, 1);
            Assert.Equal(a.IoU(b), b.IoU(a));
            Assert.Equal(a.IoU(b), Shift(a, 64).IoU(Shift(b, 64)), 1e-4f);
        }
    }

    [Fact]
    public void Clipping_leaves_the_part_inside()
    {
        Assert.Equal(new Box(0, 2, 10, 8), new Box(-5, 2, 15, 8).ClipTo(10, 10));
        Assert.Equal(0, new Box(20, 20, 30, 30).ClipTo(10, 10).Area);
    }

    private static Box RandomBox(Random random)
    {
        var (x, y) = (random.NextSingle() * 20, random.NextSingle() * 20);
        return new(x, y, x + random.NextSingle() * 20, y + random.NextSingle() * 20);
    }

    private static Box Shift(Box box, float by) => new(box.X0 + by, box.Y0 + by, box.X1 + by, box.Y1 + by);
}
