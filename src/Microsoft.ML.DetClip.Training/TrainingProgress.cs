using System.Globalization;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Where a training run stands after a step.</summary>
/// <param name="Step">Steps done, 1 or more.</param>
/// <param name="TotalSteps">Steps of the whole run.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Loss">What is minimised: the weighted sum of the losses of the step's <see cref="Kind"/>.</param>
/// <param name="AlignmentLoss">Focal loss of regions and concepts, per positive location; 0 for pairs.</param>
/// <param name="BoxLoss">1 − GIoU of predicted and true boxes, 0 to 2; 0 where the kind learns no boxes.</param>
/// <param name="CenternessLoss">Cross entropy of centerness; 0 where the kind learns no boxes.</param>
/// <param name="LearningRate">Rate of the detector in this step.</param>
/// <param name="GradientNorm">Length of the gradient before it was clipped; infinite or NaN where float16 overflowed and the step was left out.</param>
/// <param name="ImagesPerSecond">Images learned from per second, lately.</param>
public sealed record TrainingProgress(
    long Step, long TotalSteps, double Epoch, double Loss, double AlignmentLoss, double BoxLoss, double CenternessLoss,
    double LearningRate, double GradientNorm, double ImagesPerSecond)
{
    /// <summary>The kind of images that the step learned from.</summary>
    public SampleKind Kind { get; init; }

    /// <summary>Contrastive loss of image-text pairs, before its weight; 0 for other kinds.</summary>
    public double PairLoss { get; init; }

    /// <summary>Share of the searches among image-text pairs that found the right one, 0 to 1; 0 for other kinds.</summary>
    public double PairAccuracy { get; init; }

    /// <summary>Temperature of the contrast of pairs, which may be learned.</summary>
    public double PairTemperature { get; init; }

    /// <summary>How long the step waited for its images to be read, in seconds: where this is not near 0, reading is slower than learning.</summary>
    public double WaitSeconds { get; init; }

    /// <summary>How well the network does on the validation set, after the steps in which it was measured; else null.</summary>
    public CocoMetrics? Validation { get; init; }

    /// <summary>What the run did to the held vocabulary: in one more report of the last step, after it; else null.</summary>
    public HeldVocabulary? Held { get; init; }

    /// <summary>Such as "step 50 of 400, epoch 1.25: loss 1.302 (alignment 0.421, boxes 0.131, centerness 0.620), rate 1.0E-03, 21.3 images/s".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"step {Step} of {TotalSteps}, epoch {Epoch:F2}: loss {Loss:F3} ({Parts}), rate {LearningRate:0.0E+00}, {ImagesPerSecond:F1} images/s{ValidationText}");

    private string Parts => Kind switch
    {
        SampleKind.Detection => string.Create(CultureInfo.InvariantCulture, $"alignment {AlignmentLoss:F3}, boxes {BoxLoss:F3}, centerness {CenternessLoss:F3}"),
        SampleKind.Grounding => string.Create(CultureInfo.InvariantCulture, $"grounding {AlignmentLoss:F3}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"pairs {PairLoss:F3}, {PairAccuracy:P0} found"),
    };

    private string ValidationText => Validation is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; validation AP {Validation.AP:F3}, AP50 {Validation.AP50:F3}");
}
