namespace Microsoft.ML.DetClip.Training;

/// <summary>Trains an open-vocabulary detector.</summary>
public sealed partial class DetClipTrainer
{
}
