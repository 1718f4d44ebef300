using System.Numerics;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Which samples make which step: a pure function of the seed, so that a run can be repeated and taken up again at any step.</summary>
/// <remarks>
/// The samples are an endless row of epochs, each a shuffle of its own, cut into batches; a batch may reach over the end of an epoch.
/// No shuffle is ever written down, so millions of samples cost nothing.
/// </remarks>
/// <param name="SampleCount">Samples of the data set; above 0.</param>
/// <param name="BatchSize">Samples of a step, over all processes; above 0.</param>
/// <param name="Seed">Any number.</param>
internal sealed record SampleOrder(int SampleCount, int BatchSize, long Seed)
{
    private const int Rounds = 6;

    // At least 8 bits in all: shuffles of few bits would be few.
    private readonly int _halfBits = Math.Max(4, (BitOperations.Log2((uint)SampleCount) + 2) / 2);

    /// <summary>The process whose slice of each batch this is.</summary>
    public Worker Worker { get; init; } = Worker.Alone;

    /// <summary>The samples of a step, those of this process alone. The slices of all processes, one after another, are the batch.</summary>
    /// <param name="step">0 or more.</param>
    public IReadOnlyList<Pick> Batch(long step)
    {
        var picks = new List<Pick>();
        var (first, end) = (Slice(Worker.Rank), Slice(Worker.Rank + 1));
        for (var at = step * BatchSize + first; at < step * BatchSize + end; at++) picks.Add(PickAt(at / SampleCount, (int)(at % SampleCount)));
        return picks;
    }

    /// <summary>What takes the place of a sample that cannot be used: the one at the same place of the next epoch.</summary>
    public Pick Instead(Pick pick) => PickAt(pick.Epoch + 1, pick.Place);

    /// <summary>Random choices about one sample in one epoch; independent of every other sample and of threads.</summary>
    public Random ChoicesFor(Pick pick) => new(Mix(Seed, pick.Epoch, pick.Sample));

    /// <summary>A seed made of three numbers: the finaliser of SplitMix64 (Steele et al. 2014), which spreads close inputs far apart.</summary>
    public static int Mix(long seed, long epoch, long sample)
    {
        var z = (ulong)seed * 0x9E3779B97F4A7C15 + (ulong)epoch * 0xD1B54A32D192ED03 + (ulong)sample * 0x8CB92BA72F3D8DD7;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) & int.MaxValue);
    }

    private long Slice(int rank) => (long)BatchSize * rank / Worker.WorldSize;

    // A shuffle place by place: a Feistel network (Luby and Rackoff 1988) permutes the numbers of so many bits, and is repeated until it gives one
    // that is in range.
    private Pick PickAt(long epoch, int place)
    {
        var number = (uint)place;
        do number = Permute(number, epoch);
        while (number >= SampleCount);
        return new(epoch, place, (int)number);
    }

    private uint Permute(uint number, long epoch)
    {
        var mask = (1u << _halfBits) - 1;
        var (left, right) = (number >> _halfBits, number & mask);
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ ((uint)Mix(Seed, epoch, -1 - ((long)round << 32 | right)) & mask));
        return left << _halfBits | right;
    }
}
