namespace Microsoft.ML.DetClip.Tests;

public class ShareTests
{
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    public void The_last_share_disposes_the_resource_in_any_order(params int[] order)
    {
        var resource = new Resource();
        var first = new Share<Resource>(resource);
        var second = first.Another(GetType());
        Share<Resource>[] shares = [first, second, second.Another(GetType())];

        Assert.All(order, i =>
        {
            Assert.Equal(0, resource.Disposals);
            shares[i].Dispose();
            shares[i].Dispose();
        });

        Assert.Equal(1, resource.Disposals);
        Assert.All(shares, share => Assert.Throws<ObjectDisposedException>(() => share.Another(GetType())));
    }

    [Fact]
    public void Threads_that_take_shares_while_it_is_given_up_either_get_a_live_resource_or_an_exception()
    {
        for (var round = 0; round < 200; round++)
        {
            var resource = new Resource();
            var share = new Share<Resource>(resource);
            Parallel.For(0, 8, i =>
            {
                if (i == 4) share.Dispose();
                try
                {
                    using var mine = share.Another(GetType());
                    Assert.Equal(0, mine.Value.Disposals);
                }
                catch (ObjectDisposedException)
                {
                    // Too late: as good as being in time.
                }
            });
            Assert.Equal(1, resource.Disposals);
        }
    }

    private sealed class Resource : IDisposable
    {
        private int _disposals;

        public int Disposals => Volatile.Read(ref _disposals);

        public void Dispose() => Interlocked.Increment(ref _disposals);
    }
}
