using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML;

/// <summary>Calibration of detectors.</summary>
public static class DetClipCalibrationCatalog
{
    /// <summary>Makes scores probabilities and gives each label a threshold of its own, by a small validation set that the detector did not learn from.</summary>
    /// <param name="model">A detector, or a chain with one, such as <c>mlContext.Model.Load</c> gives; it stays the caller's.</param>
    /// <param name="validation">Images as the model takes them, with every object of the model's labels boxed; read once.</param>
    /// <param name="options">Null for the best F1 of each label.</param>
    /// <exception cref="ArgumentException">There is no detector in the model, or it has labels by row; a column is missing or of another type; a setting is bad; the set is empty.</exception>
    /// <remarks>
    /// One temperature divides the logits of all scores (Guo et al. 2017), which changes no order and so no AP. Thresholds hold for scores after it. All numbers of the report are of
    /// the set that was fitted to: on other images expect somewhat less.
    /// </remarks>
    /// <example><code>
    /// var calibrated = model.Calibrate(validation, new() { TargetPrecision = 0.9 });
    /// mlContext.Model.Save(calibrated.Model, validation.Schema, "calibrated.zip");
    /// </code></example>
    public static CalibratedModel Calibrate(this ITransformer model, IDataView validation, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(validation);
        options = (options ?? new()).Checked();
        var before = model.FindDetector().Options;
        if (before.LabelsColumnName is { } column) throw new ArgumentException($"The labels are those of each row (column '{column}'); calibration needs fixed ones: use WithVocabulary first.", nameof(model));
        var outcomes = Look(model, validation, before, options);
        if (outcomes.ImageCount == 0) throw new ArgumentException("The validation set has no rows; there is nothing to calibrate by.", nameof(validation));
        var report = new CalibrationFit(outcomes, before, options).Run();
        var labels = before.Labels.Zip(report.Labels, (concept, label) => concept with { Threshold = label.Threshold }).ToArray();
        return new(model.WithOptions(o => o with { Temperature = report.Temperature, Labels = labels }), report);
    }

    /// <summary>Calibration as an estimator, for where ML.NET wants one.</summary>
    /// <param name="catalog">mlContext.DetClip().</param>
    /// <param name="model">A detector, or a chain with one; it stays the caller's.</param>
    /// <param name="options">Null for the best F1 of each label.</param>
    /// <exception cref="ArgumentException">Names every bad setting.</exception>
    /// <example><code>
    /// var calibrated = mlContext.DetClip().Calibrator(model, new() { TargetPrecision = 0.9 }).Fit(validation);
    /// </code></example>
    public static DetectionCalibrator Calibrator(this DetClipCatalog catalog, ITransformer model, CalibrationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(model);
        return new(catalog.Environment, model, options ?? new());
    }

    // Scores as the network gives them, down to nothing.
    private static DetectionOutcomes Look(ITransformer model, IDataView validation, OpenVocabularyDetectionEstimator.Options before, CalibrationOptions options)
    {
        var outcomes = new DetectionOutcomes([.. before.Labels.Select(label => label.Name)], options.IouThreshold);
        var open = model.WithOptions(o => o with
        {
            ScoreThreshold = 0,
            Temperature = 1,
            MaxDetections = options.MaxDetections,
            Labels = [.. o.Labels.Select(label => label with { Threshold = null })],
        });
        using var owned = open as IDisposable;
        var columns = options.Columns with
        {
            PredictedLabels = before.PredictedLabelColumnName,
            PredictedBoundingBoxes = before.BoundingBoxColumnName,
            Scores = before.ScoreColumnName,
        };
        foreach (var (truth, found) in PredictionRows.Read(open.Transform(validation), columns)) outcomes.Add(truth, found);
        return outcomes;
    }
}
