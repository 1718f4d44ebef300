namespace Microsoft.ML.DetClip.Training;

/// <summary>The learning rate over a run, as a share of its peak: a straight rise, then what <see cref="RateSchedule"/> says. DetCLIPv2, section 4.1.</summary>
/// <param name="WarmupSteps">Steps of the rise; shortened to the run when that is shorter.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal sealed record LearningRateSchedule(long WarmupSteps, long TotalSteps)
{
    /// <summary>What follows the rise.</summary>
    public RateSchedule Shape { get; init; } = RateSchedule.Cosine;

    /// <summary>Steps from which the rate is multiplied once more, for <see cref="RateSchedule.Step"/>.</summary>
    public IReadOnlyList<long> Milestones { get; init; } = [];

    /// <summary>What each milestone multiplies by.</summary>
    public double MilestoneFactor { get; init; } = 0.1;

    /// <summary>The schedule that a run's settings ask for.</summary>
    public static LearningRateSchedule Of(DetClipTrainer.Options options, long totalSteps) => new(options.WarmupSteps, totalSteps)
    {
        Shape = options.Schedule,
        Milestones = [.. options.Milestones.Select(epochs => (long)Math.Round(epochs / options.Epochs * totalSteps))],
        MilestoneFactor = options.MilestoneFactor,
    };

    /// <summary>Share of the peak rate at a step: above 0, at most 1.</summary>
    /// <param name="step">0 for the first.</param>
    public double FactorAt(long step)
    {
        var warmup = Math.Min(WarmupSteps, TotalSteps);
        if (step < warmup) return (step + 1.0) / (warmup + 1);
        return Shape switch
        {
            RateSchedule.Cosine => 0.5 * (1 + Math.Cos(Math.PI * (step - warmup) / (TotalSteps - warmup))),
            RateSchedule.Step => Math.Pow(MilestoneFactor, Milestones.Count(milestone => step >= milestone)),
            _ => 1,
        };
    }
}
