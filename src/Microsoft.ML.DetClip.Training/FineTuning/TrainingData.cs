namespace Microsoft.ML.DetClip.Training;

/// <summary>What a run learns from and is measured on. All data views have the same columns.</summary>
/// <param name="Input">What is learned from.</param>
public sealed record TrainingData(IDataView Input)
{
    /// <summary>What is measured on now and then, see <see cref="DetClipTrainer.Options.EpochsPerValidation"/>; null for nothing.</summary>
    public IDataView? Validation { get; init; }

    /// <summary>Data that the detector learned from before, mixed in so that it does not forget, see <see cref="DetClipTrainer.Options.ReplayShare"/>; null for none.</summary>
    public IDataView? Replay { get; init; }

    /// <summary>Images of names that the run does not teach, with boxes: measured before and after, which tells what was forgotten. Null for none.</summary>
    public IDataView? Held { get; init; }
}
