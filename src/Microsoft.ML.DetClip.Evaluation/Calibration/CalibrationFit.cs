using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Fits temperature and thresholds to outcomes.</summary>
/// <param name="outcomes">With scores as the network gives them.</param>
/// <param name="before">Settings of the detector before; its labels are those of the outcomes.</param>
/// <param name="options">How to fit.</param>
internal sealed class CalibrationFit(DetectionOutcomes outcomes, OpenVocabularyDetectionEstimator.Options before, CalibrationOptions options)
{
    /// <summary>What is to be set, as numbers and as a report.</summary>
    public CalibrationReport Run()
    {
        var raw = Enumerable.Range(0, outcomes.Labels.Count).SelectMany(outcomes.Of).Where(d => d.Score > options.ScoreFloor).ToArray();
        var binsBefore = Reliability.Bins(At(raw, before.Temperature), options.Bins);
        var (temperature, binsAfter) = FitTemperature(raw, binsBefore);
        var labels = Enumerable.Range(0, outcomes.Labels.Count).Select(k => FitLabel(k, temperature)).ToArray();
        return new()
        {
            Temperature = temperature, ImageCount = outcomes.ImageCount, DetectionCount = raw.Length, BinsBefore = binsBefore, BinsAfter = binsAfter,
            ErrorBefore = Reliability.Error(binsBefore), ErrorAfter = Reliability.Error(binsAfter), Labels = labels,
            FalsePositiveRateBefore = FalsePositiveRate(before.Temperature, k => before.Labels[k].Threshold),
            FalsePositiveRateAfter = FalsePositiveRate(temperature, k => labels[k].Threshold),
        };
    }

    // The likeliest temperature need not be the one of the least error: one that makes it worse is not taken.
    private (double, IReadOnlyList<CalibrationBin>) FitTemperature((float Score, bool IsRight)[] raw, IReadOnlyList<CalibrationBin> binsBefore)
    {
        var fitted = TemperatureFit.Find(raw);
        var bins = Reliability.Bins(At(raw, fitted), options.Bins);
        return Reliability.Error(bins) <= Reliability.Error(binsBefore) ? (fitted, bins) : (before.Temperature, binsBefore);
    }

    private LabelCalibration FitLabel(int k, double temperature)
    {
        var (name, objects) = (outcomes.Labels[k], outcomes.ObjectsOf(k));
        if (objects < options.LeastObjects) return Without($"'{name}' keeps the threshold that it had: the validation set has {objects} objects of it.");
        var detections = At(outcomes.Of(k).Where(d => d.Score > options.ScoreFloor), temperature);
        var floor = ScoreTemperature.Apply(options.ScoreFloor, temperature);
        var choice = options.TargetPrecision is { } target
            ? ThresholdChoice.ForPrecision(detections, objects, floor, target)
            : ThresholdChoice.ForBestF1(detections, objects, floor);
        if (choice.Threshold is null) return Without($"'{name}' keeps the threshold that it had: no detection of it is right.");
        var note = choice.IsReached ? null : string.Create(CultureInfo.InvariantCulture,
            $"'{name}' does not reach precision {options.TargetPrecision:0.###}: the best is {choice.Precision:F3}, at threshold {choice.Threshold:F3}.");
        return new(name, objects, choice.Threshold, choice.Precision, choice.Recall, RateAt(choice.Threshold), note);

        double RateAt(float? threshold) => Rate(FalseImages(k, temperature, threshold), outcomes.AbsentImagesOf(k));
        LabelCalibration Without(string note) => new(name, objects, before.Labels[k].Threshold, double.NaN, double.NaN, RateAt(before.Labels[k].Threshold), note);
    }

    private double FalsePositiveRate(double temperature, Func<int, float?> thresholdOf)
    {
        var labels = Enumerable.Range(0, outcomes.Labels.Count).ToArray();
        return Rate(labels.Sum(k => FalseImages(k, temperature, thresholdOf(k))), labels.Sum(outcomes.AbsentImagesOf));
    }

    private int FalseImages(int k, double temperature, float? threshold) =>
        outcomes.FalseImagesOf(k, score => ScoreTemperature.Apply(score, temperature) > (threshold ?? before.ScoreThreshold));

    private static double Rate(int count, int of) => of == 0 ? double.NaN : (double)count / of;

    private static (float Score, bool IsRight)[] At(IEnumerable<(float Score, bool IsRight)> detections, double temperature) =>
        [.. detections.Select(d => (ScoreTemperature.Apply(d.Score, temperature), d.IsRight))];
}
