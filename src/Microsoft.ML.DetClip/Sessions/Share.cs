namespace Microsoft.ML.DetClip;

/// <summary>One of several shares in a resource, which is disposed with its last share, in whatever order they go. Thread-safe.</summary>
internal sealed class Share<T> : IDisposable
    where T : class, IDisposable
{
    private readonly Counted _counted;
    private int _disposed;

    /// <summary>The first share.</summary>
    public Share(T resource) : this(new Counted(resource)) { }

    private Share(Counted counted) => _counted = counted;

    /// <summary>The resource; alive as long as this share is.</summary>
    public T Value => _counted.Resource;

    /// <summary>Another share; whoever asks for it disposes it.</summary>
    /// <param name="owner">The type that the exception names.</param>
    /// <exception cref="ObjectDisposedException">This share has been disposed.</exception>
    public Share<T> Another(Type owner)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0 || !_counted.TryAdd(), owner);
        return new(_counted);
    }

    /// <summary>Gives this share up; a second call does nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0) _counted.Remove();
    }

    private sealed class Counted(T resource)
    {
        private int _shares = 1;

        public T Resource { get; } = resource;

        public bool TryAdd()
        {
            for (var shares = Volatile.Read(ref _shares); shares > 0;)
            {
                var seen = Interlocked.CompareExchange(ref _shares, shares + 1, shares);
                if (seen == shares) return true;
                shares = seen;
            }
            return false;
        }

        public void Remove()
        {
            if (Interlocked.Decrement(ref _shares) == 0) Resource.Dispose();
        }
    }
}
