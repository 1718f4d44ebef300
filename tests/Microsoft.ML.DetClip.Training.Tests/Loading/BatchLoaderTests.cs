namespace Microsoft.ML.DetClip.Training.Tests;

public class BatchLoaderTests
{
    [Fact]
    public void Batches_come_in_order_however_long_each_takes()
    {
        Item Make(long step, CancellationToken stop)
        {
            Thread.Sleep(step % 3 == 0 ? 5 : 0);
            return new(step);
        }

        Assert.Equal(Enumerable.Range(2, 18), BatchLoader.Run(Make, 2, 20, ahead: 4).Select(item => (int)item.Item.Step));
    }

    [Fact]
    public void No_more_than_the_given_number_are_made_ahead()
    {
        var made = 0;
        Item Make(long step, CancellationToken stop)
        {
            Interlocked.Increment(ref made);
            return new(step);
        }

        foreach (var item in BatchLoader.Run(Make, 0, 50, ahead: 3)) Assert.InRange(Volatile.Read(ref made), 1, (int)item.Item.Step + 3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void No_more_than_the_given_number_are_alive_with_the_one_in_use(int ahead)
    {
        var (alive, most) = (0, 0);
        Item Make(long step, CancellationToken stop)
        {
            InterlockedMax(ref most, Interlocked.Increment(ref alive));
            return new(step, onDispose: () => Interlocked.Decrement(ref alive));
        }

        foreach (var loaded in BatchLoader.Run(Make, 0, 50, ahead))
        {
            using var item = loaded.Item;
            if (loaded.Item.Step == 0) SpinWait.SpinUntil(() => Volatile.Read(ref alive) == ahead, TimeSpan.FromMinutes(1));
        }

        Assert.Equal((0, ahead), (alive, most));
    }

    [Fact]
    public void The_time_that_a_taker_waits_is_told()
    {
        Item Make(long step, CancellationToken stop)
        {
            if (step == 1) Thread.Sleep(50);
            return new(step);
        }

        var waits = BatchLoader.Run(Make, 0, 2, ahead: 1).Select(loaded => loaded.WaitSeconds).ToArray();

        Assert.True(waits[1] >= 0.045, $"waited {waits[1]} s for what takes 0.05 s to make");
    }

    [Fact]
    public void A_failure_comes_when_its_batch_is_due()
    {
        static Item Make(long step, CancellationToken stop) => step == 3 ? throw new InvalidDataException("no image") : new(step);
        var taken = 0;

        var failure = Assert.Throws<InvalidDataException>(() =>
        {
            foreach (var _ in BatchLoader.Run(Make, 0, 10, ahead: 5)) taken++;
        });

        Assert.Equal("no image", failure.Message);
        Assert.Equal(3, taken);
    }

    [Fact]
    public void What_is_not_taken_is_disposed()
    {
        var all = new System.Collections.Concurrent.ConcurrentBag<Item>();
        Item Make(long step, CancellationToken stop)
        {
            var item = new Item(step);
            all.Add(item);
            return item;
        }

        foreach (var item in BatchLoader.Run(Make, 0, 10, ahead: 4))
            if (item.Item.Step == 2) break;

        Assert.All(all.Where(i => i.Step > 2), item => Assert.True(item.IsDisposed));
        Assert.All(all.Where(i => i.Step <= 2), item => Assert.False(item.IsDisposed));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = target; value > seen; seen = target)
            if (Interlocked.CompareExchange(ref target, value, seen) == seen) return;
    }

    private sealed class Item(long step, Action? onDispose = null) : IDisposable
    {
        public long Step => step;

        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            IsDisposed = true;
            onDispose?.Invoke();
        }
    }
}
