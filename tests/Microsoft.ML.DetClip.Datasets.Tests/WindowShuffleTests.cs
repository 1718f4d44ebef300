using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class WindowShuffleTests : TempFolder
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(100)]
    public void Every_item_comes_once_in_an_order_of_the_seed(int count)
    {
        var first = WindowShuffle.Of(Enumerable.Range(0, count), 10, seed: 1).ToArray();

        Assert.Equal(Enumerable.Range(0, count), first.Order());
        Assert.Equal(first, WindowShuffle.Of(Enumerable.Range(0, count), 10, seed: 1));
        if (count > 10) Assert.NotEqual(first, WindowShuffle.Of(Enumerable.Range(0, count), 10, seed: 2));
    }

    [Fact]
    public void No_more_than_the_window_is_read_ahead()
    {
        var read = 0;

        _ = WindowShuffle.Of(Enumerable.Range(0, 1000).Select(i => read++), 10, seed: 1).First();

        Assert.Equal(11, read);
    }

    [Fact]
    public void Rows_of_a_seed_come_in_one_order_at_every_pass()
    {
        var path = Write("t.tsv", string.Concat(Enumerable.Range(0, 50).Select(i => $"caption {i}\thttp://x/{i}.jpg\n")));
        var context = new MLContext();

        var view = context.Data.LoadConceptualCaptions(path, seed: 5);
        var captions = view.GetColumn<string>("Caption").ToArray();

        Assert.Equal(captions, view.GetColumn<string>("Caption"));
        Assert.NotEqual(captions, context.Data.LoadConceptualCaptions(path).GetColumn<string>("Caption"));
        Assert.Equal(captions.Order(), context.Data.LoadConceptualCaptions(path).GetColumn<string>("Caption").Order());
    }
}
