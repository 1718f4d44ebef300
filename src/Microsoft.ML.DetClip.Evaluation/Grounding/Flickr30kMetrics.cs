using System.Globalization;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>How many phrases are found by the best k boxes.</summary>
public sealed record Flickr30kMetrics
{
    /// <summary>The key of <see cref="Recalls"/> under which all boxes count.</summary>
    public const int AllBoxes = -1;

    /// <summary>How it was measured.</summary>
    public required Flickr30kEvaluatorOptions Options { get; init; }

    /// <summary>For k of 1, 5, 10 and <see cref="AllBoxes"/>: the share of phrases found, 0 to 1, of "all" and of each type that occurs.</summary>
    public required IReadOnlyDictionary<int, IReadOnlyDictionary<string, double>> Recalls { get; init; }

    /// <summary>Predictions that were left out, as in the official code: a second one of a sentence, or one of a sentence without phrases to find.</summary>
    public required int IgnoredPredictions { get; init; }

    /// <summary>Writes metrics as JSON: "metrics" holds an object for each, called "any_box_iou0.5" or "merged_box_iou0.5", in which recalls stand by k ("-1": all boxes)
    /// and type. Numbers are written so that they are read back as the same doubles; an old file is replaced as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="metrics">Measured with different options.</param>
    public static void Save(string path, params IReadOnlyList<Flickr30kMetrics> metrics) => MetricsJson.Save(path, json =>
    {
        json.WriteStartObject("metrics");
        foreach (var each in metrics)
        {
            json.WriteStartObject(string.Create(CultureInfo.InvariantCulture, $"{(each.Options.MergeBoxes ? "merged" : "any")}_box_iou{each.Options.IouThreshold}"));
            foreach (var (k, recalls) in each.Recalls) MetricsJson.WriteNumbers(json, k.ToString(CultureInfo.InvariantCulture), recalls);
            json.WriteEndObject();
        }
        json.WriteEndObject();
    });

    /// <summary>The table that the official code prints.</summary>
    public override string ToString()
    {
        string[] types = [.. Recalls[1].Keys.Order(StringComparer.Ordinal)];
        List<string[]> rows = [["Recall@k", .. types]];
        foreach (var (k, recalls) in Recalls)
            rows.Add([k == AllBoxes ? "Upper_bound" : string.Create(CultureInfo.InvariantCulture, $"Recall@{k}"), .. types.Select(type => PythonText.Repr(recalls[type]))]);
        return PythonText.Table(rows);
    }
}
