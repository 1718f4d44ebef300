namespace Microsoft.ML.DetClip.Tests;

public sealed class TileJoiningTests
{
    // Two tiles of 100 pixels, side by side, that share 20.
    private static readonly ImageTile[] Row = [.. new TileOptions { Size = 100, WholeImage = false }.Of(new(180, 100))];

    [Fact]
    public void Parts_of_one_object_become_their_union_with_the_greater_score()
    {
        var joined = Assert.Single(TileJoining.Join([Found(Row, 0, new(30, 20, 100, 70), 0.5f), Found(Row, 1, new(80, 22, 150, 68), 0.7f)]));

        Assert.Equal((new Box(30, 20, 150, 70), 0.7f, Cuts.None), (joined.Box, joined.Score, joined.Cuts));
    }

    [Theory]
    [InlineData(20, 40, 60, 90, 0)]  // at another height
    [InlineData(20, 70, 22, 68, 1)]  // of another class
    public void Parts_of_different_objects_stay(int y0, int y1, int otherY0, int otherY1, int otherConcept) =>
        Assert.Equal(2, TileJoining.Join([Found(Row, 0, new(30, y0, 100, y1), 0.5f), Found(Row, 1, new(80, otherY0, 150, otherY1), 0.7f, otherConcept)]).Count);

    [Fact]
    public void A_part_goes_when_another_tile_shows_the_whole_object()
    {
        var whole = Found(Row, 1, new(85, 20, 140, 70), 0.6f);

        Assert.Equal([whole], TileJoining.Join([Found(Row, 0, new(85, 20, 100, 70), 0.9f), whole]));
    }

    [Fact]
    public void An_object_in_the_corner_of_four_tiles_becomes_one_box()
    {
        ImageTile[] tiles = [.. new TileOptions { Size = 100, WholeImage = false }.Of(new(180, 180))];
        var truth = new Box(40, 50, 150, 140);
        var parts = tiles.Select((tile, i) => Found(tiles, i, Clip(truth, tile), 0.5f + i / 10f));

        var joined = Assert.Single(TileJoining.Join(parts));

        Assert.Equal((truth, 0.8f), (joined.Box, joined.Score));
    }

    [Fact]
    public void An_object_through_three_tiles_without_overlap_becomes_one_box()
    {
        ImageTile[] tiles = [.. new TileOptions { Columns = 3, Rows = 1, Overlap = 0, WholeImage = false }.Of(new(300, 100))];
        var truth = new Box(40, 50, 270, 90);

        Assert.Equal(truth, Assert.Single(TileJoining.Join(tiles.Select((tile, i) => Found(tiles, i, Clip(truth, tile), 0.5f)))).Box);
    }

    [Fact]
    public void What_no_edge_cuts_is_never_touched()
    {
        var random = new Random(1);
        var boxes = Enumerable.Range(0, 50).Select(_ =>
        {
            var (x, y) = (random.Next(5, 80), random.Next(80));
            return new TileBox(new(x, y, x + random.Next(1, 15), y + 10), random.Next(3), random.NextSingle(), 0, Cuts.None);
        }).ToArray();

        Assert.Equal(boxes.OrderBy(b => b.Concept).ThenBy(b => b.Score), TileJoining.Join(boxes).OrderBy(b => b.Concept).ThenBy(b => b.Score));
    }

    private static TileBox Found(ImageTile[] tiles, int tile, Box box, float score, int concept = 0) => new(box, concept, score, tile, tiles[tile].CutsOf(box));

    private static Box Clip(Box box, ImageTile tile) =>
        new(Math.Max(box.X0, tile.X), Math.Max(box.Y0, tile.Y), Math.Min(box.X1, tile.X + tile.Width), Math.Min(box.Y1, tile.Y + tile.Height));
}
