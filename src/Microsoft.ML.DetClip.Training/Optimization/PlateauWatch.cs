namespace Microsoft.ML.DetClip.Training;

/// <summary>Follows the measurements on the validation set: lowers the learning rate where they no longer rise, and ends the run where they have not for long.</summary>
/// <remarks>DetCLIPv2 fine-tunes on ODinW so (appendix B): ×0.1 after 5 epochs without a gain, the end after 8.</remarks>
/// <param name="plateauPatience">Measurements in a row without a gain that lower the rate; 0 never does.</param>
/// <param name="plateauFactor">What the rate is multiplied by then.</param>
/// <param name="smallestFactor">The rate is not lowered below this share of what the schedule says.</param>
/// <param name="stoppingPatience">Measurements in a row without a gain that end the run; 0 never does.</param>
internal sealed class PlateauWatch(int plateauPatience, double plateauFactor, double smallestFactor, int stoppingPatience)
{
    /// <summary>Everything that a measurement changes.</summary>
    /// <param name="Best">The highest measurement; null before the first.</param>
    /// <param name="WithoutGain">Measurements since the best one.</param>
    /// <param name="SinceLowered">Measurements without a gain since the rate was lowered last.</param>
    /// <param name="Factor">Share of the scheduled rate that is left.</param>
    internal sealed record Standing(double? Best, int WithoutGain, int SinceLowered, double Factor);

    /// <summary>Where it stands; what a checkpoint keeps.</summary>
    public Standing State { get; set; } = new(Best: null, WithoutGain: 0, SinceLowered: 0, Factor: 1);

    /// <summary>Share of the scheduled rate to go on with.</summary>
    public double Factor => State.Factor;

    /// <summary>Whether the run should end.</summary>
    public bool ShouldStop => stoppingPatience > 0 && State.WithoutGain >= stoppingPatience;

    /// <summary>The watch that a run's settings ask for.</summary>
    public static PlateauWatch Of(DetClipTrainer.Options options) => new(
        options.PlateauPatience, options.PlateauFactor, Math.Min(1, options.MinLearningRate / options.LearningRate), options.EarlyStoppingPatience);

    /// <summary>Takes in a measurement.</summary>
    /// <param name="value">The higher the better. NaN, which nothing measured gives, is no gain.</param>
    /// <returns>True when it is the best so far.</returns>
    public bool Add(double value)
    {
        if (!(value <= State.Best) && !double.IsNaN(value))
        {
            State = State with { Best = value, WithoutGain = 0, SinceLowered = 0 };
            return true;
        }
        State = State with { WithoutGain = State.WithoutGain + 1, SinceLowered = State.SinceLowered + 1 };
        if (plateauPatience > 0 && State.SinceLowered >= plateauPatience)
            State = State with { SinceLowered = 0, Factor = Math.Max(smallestFactor, State.Factor * plateauFactor) };
        return false;
    }
}
