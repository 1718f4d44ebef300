namespace Microsoft.ML.DetClip.Training;

/// <summary>Where a training run stands after a step.</summary>
/// <param name="Step">Steps done, 1 or more.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Loss">What is minimised: alignment + weighted box and centerness loss.</param>
/// <param name="AlignmentLoss">Focal loss of regions and concepts, per positive location.</param>
/// <param name="BoxLoss">1 − GIoU of predicted and true boxes, 0 to 2.</param>
/// <param name="CenternessLoss">Cross entropy of centerness.</param>
/// <param name="LearningRate">Rate of the detector in this step.</param>
/// <param name="GradientNorm">Length of the gradient before it was clipped.</param>
/// <param name="ImagesPerSecond">Images learned from per second, lately.</param>
public sealed record TrainingProgress(
    long Step, long TotalSteps, double Epoch, double Loss, double AlignmentLoss, double BoxLoss, double CenternessLoss,
    double LearningRate, double GradientNorm, double ImagesPerSecond);
