using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML;

/// <summary>Measuring of detectors in ML.NET's catalogs.</summary>
public static class DetClipEvaluationCatalog
{
    /// <summary>COCO's metrics of predictions: of an image in each row, what is on it and what was found.</summary>
    /// <param name="catalog">mlContext.DetClip().</param>
    /// <param name="predictions">A data set with a detector's output; read once.</param>
    /// <param name="columns">Null for the columns that this suite's data sets and detectors make.</param>
    /// <param name="options">Null for the official numbers.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; a row's columns do not fit each other; a coordinate or score is not a
    /// number.</exception>
    /// <remarks>COCO looks at the best 100 detections of an image and category, whatever their scores: let the detector return them.</remarks>
    /// <example><code>
    /// var model = mlContext.Model.Load("detector.zip", out _).WithOptions(options => options with { ScoreThreshold = 0 });
    /// var metrics = mlContext.DetClip().Evaluate(model.Transform(test));
    /// </code></example>
    public static CocoMetrics Evaluate(this DetClipCatalog catalog, IDataView predictions, EvaluationColumns? columns = null, CocoEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(predictions);
        return PredictionRows.ReadAll(predictions, columns ?? new()).Evaluate(options ?? new());
    }

    /// <summary>LVIS's metrics of predictions: of an image in each row, what is on it, what is known to be absent, and what was found.</summary>
    /// <param name="catalog">mlContext.DetClip().</param>
    /// <param name="predictions">A data set with a detector's output; read once.</param>
    /// <param name="frequencies">How often each label occurs in training images; labels that are not here are not measured.</param>
    /// <param name="columns">Null for the columns that this suite's data sets and detectors make.</param>
    /// <param name="options">Null for the official numbers; <see cref="LvisEvaluatorOptions.FixedAP"/> for fixed AP.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type; a row's columns do not fit each other; a coordinate or score is not a
    /// number.</exception>
    public static LvisMetrics EvaluateLvis(
        this DetClipCatalog catalog, IDataView predictions, IReadOnlyDictionary<string, LvisFrequency> frequencies, EvaluationColumns? columns = null,
        LvisEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(predictions);
        return PredictionRows.ReadAll(predictions, columns ?? new()).EvaluateLvis(frequencies, options);
    }
}
