namespace Microsoft.ML.DetClip.Training;

/// <summary>Which kind of data each step of a run learns from. Batches of the kinds alternate at random, each whole; DetCLIPv2, section 3.4.</summary>
/// <remarks>A pure function of what it is made of, so that a run can be repeated and taken up again at any step.</remarks>
internal sealed class KindSchedule
{
    private static readonly SampleKind[] Kinds = Enum.GetValues<SampleKind>();

    private readonly double _epochs;
    private readonly SampleKind[] _kinds;  // of each step
    private readonly int[] _indices;       // of each step among those of its kind

    /// <param name="counts">Samples of each kind; a kind may be missing.</param>
    /// <param name="options">Epochs, and each kind's batch size and weight.</param>
    public KindSchedule(IReadOnlyDictionary<SampleKind, int> counts, DetClipTrainer.Options options)
    {
        _epochs = options.Epochs;
        _kinds = [.. Kinds.SelectMany(kind => Enumerable.Repeat(kind, Steps(counts.GetValueOrDefault(kind), options, options.Of(kind))))];
        new Random(SampleOrder.Mix(options.Seed, -1, -1)).Shuffle(_kinds);
        _indices = new int[_kinds.Length];
        var done = new int[Kinds.Length];
        for (var step = 0; step < _kinds.Length; step++) _indices[step] = done[(int)_kinds[step]]++;
    }

    /// <summary>Steps of the run.</summary>
    public long TotalSteps => _kinds.Length;

    /// <summary>The kind that a step learns from, and how many steps of that kind are before it.</summary>
    /// <param name="step">0 to <see cref="TotalSteps"/> − 1.</param>
    public (SampleKind Kind, long Index) At(long step) => (_kinds[step], _indices[step]);

    /// <summary>Epochs done after so many steps, with fraction.</summary>
    public double EpochAt(long steps) => _epochs * steps / TotalSteps;

    private static int Steps(int count, DetClipTrainer.Options options, KindOptions kind) =>
        checked((int)Math.Ceiling(options.Epochs * kind.Weight * count / kind.BatchSize / options.AccumulationSteps));
}
