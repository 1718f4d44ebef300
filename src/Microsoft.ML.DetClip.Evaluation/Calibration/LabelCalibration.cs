namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>The threshold of a label, and how the detector does with it on the validation set.</summary>
/// <param name="Label">The name.</param>
/// <param name="Objects">Objects of it in the validation set.</param>
/// <param name="Threshold">Detections with a higher calibrated score are kept; null where the detector's own threshold goes on to hold.</param>
/// <param name="Precision">The share of kept detections that is right; NaN without a threshold.</param>
/// <param name="Recall">The share of objects found; NaN without a threshold.</param>
/// <param name="FalsePositiveRate">The share of images without the label that have a detection of it all the same; NaN where every image shows it.</param>
/// <param name="Note">Why the label has no threshold, or does not reach the precision asked for: a sentence; null where nothing is to be said.</param>
public sealed record LabelCalibration(string Label, int Objects, float? Threshold, double Precision, double Recall, double FalsePositiveRate, string? Note)
{
    /// <summary>Harmonic mean of precision and recall, 0 to 1; NaN without a threshold.</summary>
    public double F1 => Precision + Recall > 0 ? 2 * Precision * Recall / (Precision + Recall) : Precision + Recall;
}
