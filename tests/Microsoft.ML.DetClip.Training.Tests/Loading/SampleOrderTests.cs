namespace Microsoft.ML.DetClip.Training.Tests;

public class SampleOrderTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(7, 7)]
    [InlineData(3, 8)] // a batch larger than the data set
    public void Every_epoch_shows_every_sample_once(int samples, int batchSize)
    {
        var order = new SampleOrder(samples, batchSize, Seed: 1);

        var seen = Enumerable.Range(0, (20 * samples + batchSize - 1) / batchSize).SelectMany(step => order.Batch(step)).ToLookup(pick => pick.Epoch, pick => pick.Sample);

        for (var epoch = 0; epoch < 20; epoch++) Assert.Equal(Enumerable.Range(0, samples), seen[epoch].Order());
    }

    [Fact]
    public void Order_follows_from_the_seed_alone_and_changes_with_seed_and_epoch()
    {
        int[] Epoch(long seed, int epoch) => [.. new SampleOrder(100, 100, seed).Batch(epoch).Select(pick => pick.Sample)];

        Assert.Equal(Epoch(1, 0), Epoch(1, 0));
        Assert.NotEqual(Epoch(1, 0), Epoch(1, 1));
        Assert.NotEqual(Epoch(1, 0), Epoch(2, 0));
        Assert.NotEqual(Enumerable.Range(0, 100), Epoch(1, 0));
    }

    [Fact]
    public void A_step_does_not_need_the_steps_before_it()
    {
        var order = new SampleOrder(50, 7, Seed: 3);
        var all = Enumerable.Range(0, 30).SelectMany(step => order.Batch(step)).ToArray();

        Assert.Equal(all[(23 * 7)..(24 * 7)], order.Batch(23));
    }

    [Fact]
    public void Random_choices_differ_between_samples_and_epochs_and_repeat()
    {
        var order = new SampleOrder(10, 2, Seed: 1);
        var first = new HashSet<int>();
        for (var epoch = 0; epoch < 10; epoch++)
            for (var sample = 0; sample < 10; sample++) first.Add(order.ChoicesFor(epoch, sample).Next());

        Assert.Equal(100, first.Count);
        Assert.Equal(order.ChoicesFor(4, 5).Next(), order.ChoicesFor(4, 5).Next());
    }
}
