namespace Microsoft.ML.DetClip.Training;

/// <summary>Which samples make which step: a pure function of the seed, so that a run can be repeated and taken up again at any step.</summary>
/// <remarks>The samples are an endless row of epochs, each a shuffle of its own, cut into batches; a batch may reach over the end of an epoch.</remarks>
/// <param name="SampleCount">Samples of the data set; above 0.</param>
/// <param name="BatchSize">Samples of a step; above 0.</param>
/// <param name="Seed">Any number.</param>
internal sealed record SampleOrder(int SampleCount, int BatchSize, long Seed)
{
    /// <summary>The samples of a step, with the epoch in which each is seen.</summary>
    /// <param name="step">0 or more.</param>
    public IReadOnlyList<(long Epoch, int Sample)> Batch(long step)
    {
        var permutations = new Dictionary<long, int[]>();
        var picks = new List<(long, int)>(BatchSize);
        for (var at = step * BatchSize; at < (step + 1) * BatchSize; at++)
        {
            var epoch = at / SampleCount;
            if (!permutations.TryGetValue(epoch, out var permutation)) permutations[epoch] = permutation = Permutation(epoch);
            picks.Add((epoch, permutation[at % SampleCount]));
        }
        return picks;
    }

    /// <summary>Random choices about one sample in one epoch; independent of every other sample and of threads.</summary>
    public Random ChoicesFor(long epoch, int sample) => new(Mix(Seed, epoch, sample));

    /// <summary>A seed made of three numbers: the finaliser of SplitMix64 (Steele et al. 2014), which spreads close inputs far apart.</summary>
    public static int Mix(long seed, long epoch, long sample)
    {
        var z = (ulong)seed * 0x9E3779B97F4A7C15 + (ulong)epoch * 0xD1B54A32D192ED03 + (ulong)sample * 0x8CB92BA72F3D8DD7;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) & int.MaxValue);
    }

    private int[] Permutation(long epoch)
    {
        var order = Enumerable.Range(0, SampleCount).ToArray();
        new Random(Mix(Seed, epoch, -1)).Shuffle(order);
        return order;
    }
}
