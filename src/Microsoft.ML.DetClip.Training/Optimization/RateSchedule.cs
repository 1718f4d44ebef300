namespace Microsoft.ML.DetClip.Training;

/// <summary>How the learning rate goes on after its warm-up.</summary>
public enum RateSchedule
{
    /// <summary>Half a cosine down to 0 at the end of the run. DetCLIPv2, section 4.1.</summary>
    Cosine,

    /// <summary>Multiplied at each of some milestones.</summary>
    Step,

    /// <summary>Stays at its peak; see <see cref="DetClipTrainer.Options.PlateauPatience"/> for one that follows the validation.</summary>
    Constant,
}
