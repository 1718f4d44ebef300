namespace Microsoft.ML.DetClip.Training;

/// <summary>Which kind of data each step of a run learns from. Batches of the kinds alternate at random, each whole; DetCLIPv2, section 3.4.</summary>
/// <remarks>A pure function of what it is made of, so that a run can be repeated and taken up again at any step.</remarks>
internal sealed class KindSchedule
{
    private static readonly SampleKind[] Kinds = Enum.GetValues<SampleKind>();

    private readonly double _epochs;
    private readonly Lane[] _lanes;        // of each step
    private readonly int[] _indices;       // of each step among those of its lane

    /// <param name="counts">Samples of each kind; a kind may be missing.</param>
    /// <param name="options">Epochs, each kind's batch size and weight, and the share of replay.</param>
    /// <param name="replay">Samples of each kind that are replayed; null for none.</param>
    public KindSchedule(IReadOnlyDictionary<SampleKind, int> counts, DetClipTrainer.Options options, IReadOnlyDictionary<SampleKind, int>? replay = null)
    {
        _epochs = options.Epochs;
        _lanes = [.. Kinds.SelectMany(kind => Enumerable.Repeat(new Lane(kind, IsReplay: false), Steps(counts.GetValueOrDefault(kind), options, options.Of(kind))))];
        if (replay is not null) _lanes = [.. _lanes, .. ReplayLanes(replay, options, _lanes.Length)];
        new Random(SampleOrder.Mix(options.Seed, -1, -1)).Shuffle(_lanes);
        _indices = new int[_lanes.Length];
        var done = new Dictionary<Lane, int>();
        for (var step = 0; step < _lanes.Length; step++)
        {
            _indices[step] = done.GetValueOrDefault(_lanes[step]);
            done[_lanes[step]] = _indices[step] + 1;
        }
    }

    /// <summary>Steps of the run.</summary>
    public long TotalSteps => _lanes.Length;

    /// <summary>The kind that a step learns from, and how many steps of that kind, replayed or not as this one, are before it.</summary>
    /// <param name="step">0 to <see cref="TotalSteps"/> − 1.</param>
    public (SampleKind Kind, long Index) At(long step) => (_lanes[step].Kind, _indices[step]);

    /// <summary>Whether a step learns from data of earlier training.</summary>
    public bool IsReplay(long step) => _lanes[step].IsReplay;

    /// <summary>Epochs done after so many steps, with fraction.</summary>
    public double EpochAt(long steps) => _epochs * steps / TotalSteps;

    private static int Steps(int count, DetClipTrainer.Options options, KindOptions kind) =>
        checked((int)Math.Ceiling(options.Epochs * kind.Weight * count / kind.BatchSize / options.AccumulationSteps));

    // As many as make the share; kinds by their own proportions, the last one taking what rounding leaves.
    private static IEnumerable<Lane> ReplayLanes(IReadOnlyDictionary<SampleKind, int> counts, DetClipTrainer.Options options, int newSteps)
    {
        var sizes = Kinds.Select(kind => options.Of(kind).Weight * counts.GetValueOrDefault(kind) / options.Of(kind).BatchSize).ToArray();
        var (all, left) = (sizes.Sum(), (int)Math.Round(newSteps * options.ReplayShare / (1 - options.ReplayShare)));
        foreach (var (kind, size) in Kinds.Zip(sizes).Where(k => k.Second > 0))
        {
            var steps = all <= size ? left : (int)Math.Round(left * size / all);
            (left, all) = (left - steps, all - size);
            for (var i = 0; i < steps; i++) yield return new(kind, IsReplay: true);
        }
    }

    private readonly record struct Lane(SampleKind Kind, bool IsReplay);
}
