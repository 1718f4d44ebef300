namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's metrics of one category; each 0 to 1, and −1 where there is nothing to find. See <see cref="CocoMetrics"/>.</summary>
public sealed record CocoCategoryMetrics
{
    /// <summary>The category's number.</summary>
    public required int CategoryId { get; init; }

    /// <summary>The category's name.</summary>
    public required string Name { get; init; }

    /// <summary>Objects that should be found: crowds are not among them.</summary>
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

    /// <summary>Recall with a hundred detections for each image, averaged over IoU thresholds.</summary>
    public required double AR100 { get; init; }

    /// <summary>The metrics by the names usual in tables: AP, AP50, AP75, APs, APm, APl, AR100.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> ToNamedValues() =>
    [
        new("AP", AP), new("AP50", AP50), new("AP75", AP75), new("APs", APSmall), new("APm", APMedium), new("APl", APLarge), new("AR100", AR100),
    ];
}
