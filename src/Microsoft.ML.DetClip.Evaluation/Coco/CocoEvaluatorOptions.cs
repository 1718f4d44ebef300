namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Settings of <see cref="CocoEvaluator"/>; the defaults give the official numbers.</summary>
public sealed record CocoEvaluatorOptions
{
    /// <summary>True to ask only whether objects are found, whatever they are called (useCats = 0 in the official code). Then there are no metrics per
    /// category.</summary>
    public bool ClassAgnostic { get; init; }

    /// <summary>The categories to measure, such as those unseen in training; null for all. Others are as if they were not in the data set.</summary>
    public IReadOnlyCollection<int>? CategoryIds { get; init; }

    /// <summary>True to measure <see cref="CocoMetrics.PooledAP"/> as well.</summary>
    public bool Pooled { get; init; }
}
