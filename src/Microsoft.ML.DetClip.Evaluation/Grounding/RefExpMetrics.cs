namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>How many referring expressions are found by the best box, the best five and the best ten.</summary>
public sealed record RefExpMetrics
{
    /// <summary>For "refcoco", "refcoco+" and "refcocog": P@1, P@5, P@10, each 0 to 1; as in the official code, 0 for a data set without expressions.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<double>> Precisions { get; init; }

    /// <summary>Writes the metrics as JSON: "metrics" holds the three numbers of each data set. Numbers are written so that they are read back as the same doubles; an
    /// old file is replaced as a whole.</summary>
    public void Save(string path) => MetricsJson.Save(path, json =>
    {
        json.WriteStartObject("metrics");
        foreach (var (dataset, precisions) in Precisions)
        {
            json.WriteStartArray(dataset);
            foreach (var precision in precisions) json.WriteNumberValue(precision);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });

    /// <summary>The lines that the official code prints.</summary>
    public override string ToString() => string.Join('\n', Precisions.Select(dataset =>
        $" Dataset: {dataset.Key} - Precision @ 1, 5, 10: [{string.Join(", ", dataset.Value.Select(PythonText.Repr))}] \n"));
}
