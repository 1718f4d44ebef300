namespace Microsoft.ML.DetClip.Training.Tests;

public class SampleOrderTests
{
    [Theory]
    [InlineData(10, 3)]
    [InlineData(7, 7)]
    [InlineData(3, 8)] // a batch larger than the data set
    [InlineData(1, 1)]
    [InlineData(1000, 64)]
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
            for (var sample = 0; sample < 10; sample++) first.Add(order.ChoicesFor(new(epoch, 0, sample)).Next());

        Assert.Equal(100, first.Count);
        Assert.Equal(order.ChoicesFor(new(4, 0, 5)).Next(), order.ChoicesFor(new(4, 0, 5)).Next());
    }

    [Fact]
    public void Any_sample_can_be_at_any_place()
    {
        var counts = new int[6, 6];
        for (var epoch = 0; epoch < 6000; epoch++)
            foreach (var pick in new SampleOrder(6, 6, Seed: 1).Batch(epoch)) counts[pick.Place, pick.Sample]++;

        foreach (var count in counts) Assert.InRange(count, 850, 1150); // 1000 expected, standard deviation 29
    }

    [Fact]
    public void Two_samples_are_in_either_order_about_as_often()
    {
        var order = new SampleOrder(100, 100, Seed: 1);

        var first = Enumerable.Range(0, 2000).Count(epoch => order.Batch(epoch).First(pick => pick.Sample is 41 or 42).Sample == 41);

        Assert.InRange(first, 880, 1120); // 1000 expected, standard deviation 22
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)] // 10 images do not divide evenly
    [InlineData(10)]
    public void The_slices_of_all_processes_are_the_batch(int processes)
    {
        var order = new SampleOrder(17, 10, Seed: 1);
        for (var step = 0; step < 5; step++)
        {
            var slices = Enumerable.Range(0, processes).Select(rank => (order with { Worker = new(rank, processes) }).Batch(step)).ToArray();

            Assert.Equal(order.Batch(step), slices.SelectMany(slice => slice));
            Assert.All(slices, slice => Assert.InRange(slice.Count, 10 / processes, 10 / processes + 1));
        }
    }

    [Fact]
    public void Instead_of_a_sample_comes_the_one_at_its_place_in_the_next_epoch()
    {
        var order = new SampleOrder(10, 10, Seed: 1);

        Assert.Equal(order.Batch(4), order.Batch(3).Select(order.Instead));
    }
}
