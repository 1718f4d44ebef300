using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>LVIS's metrics of a detector. Each is 0 to 1, and −1 where there is nothing to find (no object of a rare category, say).</summary>
/// <remarks>AP is precision averaged over 101 recalls, over IoU thresholds of 0.50 to 0.95 and over categories; AR is the greatest recall averaged over thresholds and
/// categories.</remarks>
public sealed record LvisMetrics
{
    /// <summary>The most detections of an image that counted; −1 where there was no limit.</summary>
    public required int MaxDetections { get; init; }

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

    /// <summary>AP of rare categories.</summary>
    public required double APRare { get; init; }

    /// <summary>AP of common categories.</summary>
    public required double APCommon { get; init; }

    /// <summary>AP of frequent categories.</summary>
    public required double APFrequent { get; init; }

    /// <summary>Average recall.</summary>
    public required double AR { get; init; }

    /// <summary>AR of objects up to 32² pixels.</summary>
    public required double ARSmall { get; init; }

    /// <summary>AR of objects from 32² to 96² pixels.</summary>
    public required double ARMedium { get; init; }

    /// <summary>AR of objects from 96² pixels.</summary>
    public required double ARLarge { get; init; }

    /// <summary>AP at each threshold of 0.50, 0.55, … 0.95.</summary>
    public required IReadOnlyList<double> APByIou { get; init; }

    /// <summary>Average precision of pooled categories; null unless <see cref="LvisEvaluatorOptions.Pooled"/> asks for it.</summary>
    public LvisPooledMetrics? Pooled { get; init; }

    /// <summary>One entry for each category, by id.</summary>
    public required IReadOnlyList<LvisCategoryMetrics> Categories { get; init; }

    /// <summary>The metrics by the names of the official code: AP, AP50, AP75, APs, APm, APl, APr, APc, APf, and with <see cref="MaxDetections"/> (−1 without limit)
    /// AR@300, ARs@300, ARm@300, ARl@300; then AP-pooled-all, -r, -c, -f where asked for.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> ToNamedValues()
    {
        List<KeyValuePair<string, double>> values =
        [
            new("AP", AP), new("AP50", AP50), new("AP75", AP75), new("APs", APSmall), new("APm", APMedium), new("APl", APLarge),
            new("APr", APRare), new("APc", APCommon), new("APf", APFrequent), new($"AR@{MaxDetections}", AR), new($"ARs@{MaxDetections}", ARSmall),
            new($"ARm@{MaxDetections}", ARMedium), new($"ARl@{MaxDetections}", ARLarge),
        ];
        if (Pooled is { } pooled) values.AddRange(NamesOf(pooled));
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

    /// <summary>The thirteen lines that the official code prints, and four more for pooled AP where asked for.</summary>
    public override string ToString()
    {
        List<string> lines =
        [
            Line("Precision", "AP", "0.50:0.95", "all", "all", AP),
            Line("Precision", "AP", "0.50", "all", "all", AP50),
            Line("Precision", "AP", "0.75", "all", "all", AP75),
            Line("Precision", "AP", "0.50:0.95", "s", "all", APSmall),
            Line("Precision", "AP", "0.50:0.95", "m", "all", APMedium),
            Line("Precision", "AP", "0.50:0.95", "l", "all", APLarge),
            Line("Precision", "AP", "0.50:0.95", "all", "r", APRare),
            Line("Precision", "AP", "0.50:0.95", "all", "c", APCommon),
            Line("Precision", "AP", "0.50:0.95", "all", "f", APFrequent),
            Line("Recall", "AR", "0.50:0.95", "all", "all", AR),
            Line("Recall", "AR", "0.50:0.95", "s", "all", ARSmall),
            Line("Recall", "AR", "0.50:0.95", "m", "all", ARMedium),
            Line("Recall", "AR", "0.50:0.95", "l", "all", ARLarge),
        ];
        if (Pooled is { } pooled) lines.AddRange(NamesOf(pooled).Select(value => $" {value.Key} = {PythonText.ThreeDecimals(value.Value)}"));
        return string.Join('\n', lines);
    }

    private static IEnumerable<KeyValuePair<string, double>> NamesOf(LvisPooledMetrics pooled) =>
    [
        new("AP-pooled-all", pooled.AP), new("AP-pooled-r", pooled.APRare), new("AP-pooled-c", pooled.APCommon), new("AP-pooled-f", pooled.APFrequent),
    ];

    private string Line(string name, string letters, string iou, string area, string categories, double value) =>
        $" Average {name,-10} ({letters}) @[ IoU={iou,-9} | area={area,6} | maxDets={MaxDetections,3} catIds={categories,3}] = {PythonText.ThreeDecimals(value)}";
}
