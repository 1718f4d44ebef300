namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's metrics over many data sets, each of which counts the same whatever its size: the way of ODinW, whose 13 or 35 data sets are averaged.
/// Li et al. 2022, "ELEVATER" and "Grounded Language-Image Pre-training".</summary>
public sealed record DatasetSuite
{
    /// <param name="datasets">The metrics of each data set by its name; at least one.</param>
    /// <exception cref="ArgumentException">There is no data set, or one has nothing to find.</exception>
    public DatasetSuite(IReadOnlyDictionary<string, CocoMetrics> datasets)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        if (datasets.Count == 0) throw new ArgumentException("There is no data set to average over.", nameof(datasets));
        var empty = datasets.Where(dataset => dataset.Value.AP < 0).Select(dataset => dataset.Key).ToArray();
        if (empty.Length > 0) throw new ArgumentException($"Nothing is to be found in {string.Join(", ", empty)}: AP is not defined.", nameof(datasets));
        Datasets = datasets;
        AverageAP = datasets.Values.Average(metrics => metrics.AP);
        AverageAP50 = datasets.Values.Average(metrics => metrics.AP50);
        MedianAP = Median([.. datasets.Values.Select(metrics => metrics.AP).Order()]);
    }

    /// <summary>The metrics of each data set by its name.</summary>
    public IReadOnlyDictionary<string, CocoMetrics> Datasets { get; }

    /// <summary>Mean AP over the data sets.</summary>
    public double AverageAP { get; }

    /// <summary>Mean AP50 over the data sets.</summary>
    public double AverageAP50 { get; }

    /// <summary>Median AP over the data sets; of an even number, the mean of the middle two.</summary>
    public double MedianAP { get; }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
}
