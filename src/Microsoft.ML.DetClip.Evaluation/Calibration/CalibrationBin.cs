namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Detections of about one score.</summary>
/// <param name="From">Lowest score of the bin.</param>
/// <param name="To">Where the next bin begins; the last bin holds 1.</param>
/// <param name="Count">Detections in the bin.</param>
/// <param name="MeanScore">Their mean score; 0 where there is none.</param>
/// <param name="Precision">The share of them that is right; 0 where there is none.</param>
public readonly record struct CalibrationBin(double From, double To, int Count, double MeanScore, double Precision);
