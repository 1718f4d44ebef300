using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's metrics of a detector. Each is 0 to 1, and −1 where there is nothing to find (no object of that size, say).</summary>
/// <remarks>
/// AP is precision averaged over 101 recalls, over IoU thresholds and over categories; AR is the greatest recall averaged over thresholds and categories.
/// Unless said otherwise at most 100 detections count for each image and category, and thresholds are 0.50 to 0.95 in steps of 0.05.
/// </remarks>
public sealed record CocoMetrics
{
    /// <summary>Average precision; the number meant by "COCO mAP".</summary>
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

    /// <summary>Average recall when one detection counts for each image and category.</summary>
    public required double AR1 { get; init; }

    /// <summary>Average recall when ten detections count for each image and category.</summary>
    public required double AR10 { get; init; }

    /// <summary>Average recall when a hundred detections count for each image and category.</summary>
    public required double AR100 { get; init; }

    /// <summary>AR100 of objects up to 32² pixels.</summary>
    public required double ARSmall { get; init; }

    /// <summary>AR100 of objects from 32² to 96² pixels.</summary>
    public required double ARMedium { get; init; }

    /// <summary>AR100 of objects from 96² pixels.</summary>
    public required double ARLarge { get; init; }

    /// <summary>AP at each threshold of 0.50, 0.55, … 0.95.</summary>
    public required IReadOnlyList<double> APByIou { get; init; }

    /// <summary>AR100 at each threshold of 0.50, 0.55, … 0.95.</summary>
    public required IReadOnlyList<double> ARByIou { get; init; }

    /// <summary>Average precision of all categories on one curve, which asks that scores mean the same in each; null unless
    /// <see cref="CocoEvaluatorOptions.Pooled"/> asks for it.</summary>
    public double? PooledAP { get; init; }

    /// <summary>One entry for each category measured, by id; empty when categories did not count.</summary>
    public required IReadOnlyList<CocoCategoryMetrics> Categories { get; init; }

    /// <summary>The metrics by the names usual in tables: AP, AP50, AP75, APs, APm, APl, AR@1, AR@10, AR@100, ARs@100, ARm@100, ARl@100; AP-pooled-all where
    /// asked for.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> ToNamedValues()
    {
        List<KeyValuePair<string, double>> values =
        [
            new("AP", AP), new("AP50", AP50), new("AP75", AP75), new("APs", APSmall), new("APm", APMedium), new("APl", APLarge),
            new("AR@1", AR1), new("AR@10", AR10), new("AR@100", AR100), new("ARs@100", ARSmall), new("ARm@100", ARMedium), new("ARl@100", ARLarge),
        ];
        if (PooledAP is { } pooled) values.Add(new("AP-pooled-all", pooled));
        return values;
    }

    /// <summary>Writes the metrics as JSON: "metrics" holds <see cref="ToNamedValues"/>, "perCategory" those of each category by its id. Numbers are written so
    /// that they are read back as the same doubles; an old file is replaced as a whole.</summary>
    public void Save(string path) => MetricsJson.Save(path, json =>
    {
        MetricsJson.WriteNumbers(json, "metrics", ToNamedValues());
        json.WriteStartObject("perCategory");
        foreach (var category in Categories) MetricsJson.WriteNumbers(json, category.CategoryId.ToString(CultureInfo.InvariantCulture), category.ToNamedValues());
        json.WriteEndObject();
    });

    /// <summary>The twelve lines that the official code prints, and one more for pooled AP where asked for.</summary>
    public override string ToString()
    {
        string[] lines =
        [
            Line("Precision", "AP", "0.50:0.95", "all", 100, AP),
            Line("Precision", "AP", "0.50", "all", 100, AP50),
            Line("Precision", "AP", "0.75", "all", 100, AP75),
            Line("Precision", "AP", "0.50:0.95", "small", 100, APSmall),
            Line("Precision", "AP", "0.50:0.95", "medium", 100, APMedium),
            Line("Precision", "AP", "0.50:0.95", "large", 100, APLarge),
            Line("Recall", "AR", "0.50:0.95", "all", 1, AR1),
            Line("Recall", "AR", "0.50:0.95", "all", 10, AR10),
            Line("Recall", "AR", "0.50:0.95", "all", 100, AR100),
            Line("Recall", "AR", "0.50:0.95", "small", 100, ARSmall),
            Line("Recall", "AR", "0.50:0.95", "medium", 100, ARMedium),
            Line("Recall", "AR", "0.50:0.95", "large", 100, ARLarge),
        ];
        return string.Join('\n', lines) + (PooledAP is { } pooled ? $"\n AP-pooled-all = {PythonText.ThreeDecimals(pooled)}" : "");
    }

    private static string Line(string name, string letters, string iou, string area, int maxDetections, double value) =>
        $" Average {name,-10} ({letters}) @[ IoU={iou,-9} | area={area,6} | maxDets={maxDetections,3} ] = {PythonText.ThreeDecimals(value)}";
}
