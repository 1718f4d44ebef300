namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>LVIS's metrics of one category; each 0 to 1, and −1 where there is nothing to find. See <see cref="LvisMetrics"/>.</summary>
public sealed record LvisCategoryMetrics
{
    /// <summary>The category's number.</summary>
    public required int CategoryId { get; init; }

    /// <summary>The category's name.</summary>
    public required string Name { get; init; }

    /// <summary>The group it is averaged in.</summary>
    public required LvisFrequency Frequency { get; init; }

    /// <summary>Objects that should be found.</summary>
    public required int Objects { get; init; }

    /// <summary>Average precision.</summary>
    public required double AP { get; init; }

    /// <summary>AP at an IoU of at least 0.50.</summary>
    public required double AP50 { get; init; }

    /// <summary>AP at an IoU of at least 0.75.</summary>
    public required double AP75 { get; init; }

    /// <summary>AP of objects up to 32² pixels.</summary>
    public required double APSmall { get; init; }

    /// <summary>AP of objects from 32² to 96² pixels.</summary>
    public required double APMedium { get; init; }

    /// <summary>AP of objects from 96² pixels.</summary>
    public required double APLarge { get; init; }

    /// <summary>Recall, averaged over IoU thresholds.</summary>
    public required double AR { get; init; }

    /// <summary>The metrics by the names usual in tables: AP, AP50, AP75, APs, APm, APl, AR.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> ToNamedValues() =>
    [
        new("AP", AP), new("AP50", AP50), new("AP75", AP75), new("APs", APSmall), new("APm", APMedium), new("APl", APLarge), new("AR", AR),
    ];
}
