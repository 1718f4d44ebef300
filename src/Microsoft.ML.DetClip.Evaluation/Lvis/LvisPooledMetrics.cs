namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Average precision of many categories on one precision-recall curve, which asks that scores mean the same in each; −1 where there is nothing to find.
/// Dave et al. 2021, "Evaluating Large-Vocabulary Object Detectors: The Devil is in the Details".</summary>
/// <param name="AP">Of all categories.</param>
/// <param name="APRare">Of rare ones.</param>
/// <param name="APCommon">Of common ones.</param>
/// <param name="APFrequent">Of frequent ones.</param>
public sealed record LvisPooledMetrics(double AP, double APRare, double APCommon, double APFrequent);
