namespace Microsoft.ML.DetClip.Training;

/// <summary>The learning rate over a run, as a share of its peak: a straight rise, then half a cosine down to 0. DetCLIPv2, section 4.1.</summary>
/// <param name="WarmupSteps">Steps of the rise; shortened to the run when that is shorter.</param>
/// <param name="TotalSteps">Steps of the run.</param>
internal sealed record LearningRateSchedule(long WarmupSteps, long TotalSteps)
{
    /// <summary>Share of the peak rate at a step: above 0, at most 1.</summary>
    /// <param name="step">0 for the first.</param>
    public double FactorAt(long step)
    {
        var warmup = Math.Min(WarmupSteps, TotalSteps);
        if (step < warmup) return (step + 1.0) / (warmup + 1);
        var progress = (double)(step - warmup) / (TotalSteps - warmup);
        return 0.5 * (1 + Math.Cos(Math.PI * progress));
    }
}
