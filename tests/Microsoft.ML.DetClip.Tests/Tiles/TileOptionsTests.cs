namespace Microsoft.ML.DetClip.Tests;

public sealed class TileOptionsTests
{
    [Fact]
    public void Tiles_cover_the_image_and_overlap_as_asked()
    {
        var random = new Random(1);
        for (var n = 0; n < 300; n++)
        {
            var image = new ImageSize(1 + random.Next(700), 1 + random.Next(700));
            var options = new TileOptions { Overlap = random.NextDouble() / 2, WholeImage = false };
            options = n % 2 == 0 ? options with { Size = 16 + random.Next(300) } : options with { Columns = 1 + random.Next(5), Rows = 1 + random.Next(5) };

            var tiles = options.Of(image);

            AssertAxis(tiles.Select(t => (t.X, t.Width)), image.Width, options.Overlap);
            AssertAxis(tiles.Select(t => (t.Y, t.Height)), image.Height, options.Overlap);
            Assert.Equal(tiles.Select(t => t.X).Distinct().Count() * tiles.Select(t => t.Y).Distinct().Count(), tiles.Count);
        }
    }

    [Fact]
    public void The_whole_image_is_one_more_tile_unless_it_is_one_already()
    {
        var options = new TileOptions { Size = 100 };

        Assert.Equal([new(0, 0, 100, 80, new(100, 80))], options.Of(new(100, 80)));
        Assert.Equal(ImageTile.Whole(new(180, 80)), options.Of(new(180, 80))[0]);
        Assert.Equal([0, 0, 80], options.Of(new(180, 80)).Select(t => t.X));
    }

    [Fact]
    public void Only_edges_inside_the_image_cut()
    {
        var tile = new ImageTile(100, 0, 100, 100, new(300, 100));

        Assert.Equal(Cuts.Left, tile.CutsOf(new(101, 0, 150, 100)));
        Assert.Equal(Cuts.Right, tile.CutsOf(new(110, 50, 199, 60)));
        Assert.Equal(Cuts.None, tile.CutsOf(new(110, 0, 190, 100)));
        Assert.Equal(Cuts.None, ImageTile.Whole(new(300, 100)).CutsOf(new(0, 0, 300, 100)));
    }

    private static void AssertAxis(IEnumerable<(int Start, int Length)> tiles, int whole, double overlap)
    {
        var sorted = tiles.Distinct().OrderBy(t => t.Start).ToArray();
        Assert.Equal((0, whole), (sorted[0].Start, sorted[^1].Start + sorted[^1].Length));
        Assert.Single(sorted.Select(t => t.Length).Distinct());
        foreach (var (a, b) in sorted.Zip(sorted.Skip(1))) Assert.InRange(a.Start + a.Length - b.Start, overlap * a.Length - 1, a.Length);
    }
}
