using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>What calibration did, measured on the validation set that it was fitted to.</summary>
public sealed record CalibrationReport
{
    /// <summary>What logits of scores are divided by.</summary>
    public required double Temperature { get; init; }

    /// <summary>Images looked at.</summary>
    public required int ImageCount { get; init; }

    /// <summary>Detections above <see cref="CalibrationOptions.ScoreFloor"/>, of which the bins are made.</summary>
    public required int DetectionCount { get; init; }

    /// <summary>Scores and the share of right detections, with the temperature that the detector had.</summary>
    public required IReadOnlyList<CalibrationBin> BinsBefore { get; init; }

    /// <summary>Scores and the share of right detections, with <see cref="Temperature"/>.</summary>
    public required IReadOnlyList<CalibrationBin> BinsAfter { get; init; }

    /// <summary>Expected calibration error before: the mean difference of score and precision over the bins, 0 to 1.</summary>
    public required double ErrorBefore { get; init; }

    /// <summary>Expected calibration error after; not above <see cref="ErrorBefore"/>.</summary>
    public required double ErrorAfter { get; init; }

    /// <summary>Over all labels and images without the label, the share with a detection of it, at the thresholds that the detector had; NaN where every image shows every label.</summary>
    public required double FalsePositiveRateBefore { get; init; }

    /// <summary>The same at the thresholds it has now.</summary>
    public required double FalsePositiveRateAfter { get; init; }

    /// <summary>The labels, in the detector's order.</summary>
    public required IReadOnlyList<LabelCalibration> Labels { get; init; }

    /// <summary>A table for people.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"temperature                        {Temperature:F3}, fitted to {DetectionCount} detections on {ImageCount} images");
        text.AppendLine(CultureInfo.InvariantCulture, $"expected calibration error         {ErrorBefore:F4} before, {ErrorAfter:F4} after, in {BinsAfter.Count} bins");
        text.AppendLine(CultureInfo.InvariantCulture, $"false positives on absent classes  {FalsePositiveRateBefore:F4} before, {FalsePositiveRateAfter:F4} after, of images without the class");
        var width = Labels.Select(l => l.Label.Length).Append(5).Max();
        text.AppendLine().AppendLine($"{"label".PadRight(width)}  objects  threshold  precision  recall      F1  false positives");
        foreach (var l in Labels)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"{l.Label.PadRight(width)}  {l.Objects,7}  {l.Threshold?.ToString("F3", CultureInfo.InvariantCulture) ?? "-",9}  {l.Precision,9:F3}  {l.Recall,6:F3}  {l.F1,6:F3}  {l.FalsePositiveRate,15:F3}");
        foreach (var l in Labels.Where(l => l.Note is not null)) text.AppendLine(l.Note);
        return text.ToString().ReplaceLineEndings("\n").TrimEnd();
    }

    /// <summary>Writes the numbers as JSON, in full precision, beside the path first; what is not a number is left out.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        MetricsJson.Save(path, json =>
        {
            MetricsJson.WriteNumbers(json, "calibration", Finite(
                ("temperature", Temperature), ("images", ImageCount), ("detections", DetectionCount), ("error_before", ErrorBefore), ("error_after", ErrorAfter),
                ("false_positive_rate_before", FalsePositiveRateBefore), ("false_positive_rate_after", FalsePositiveRateAfter)));
            WriteBins(json, "bins_before", BinsBefore);
            WriteBins(json, "bins_after", BinsAfter);
            json.WriteStartObject("labels");
            foreach (var l in Labels)
                MetricsJson.WriteNumbers(json, l.Label, Finite(
                    ("objects", l.Objects), ("threshold", l.Threshold ?? double.NaN), ("precision", l.Precision), ("recall", l.Recall), ("f1", l.F1),
                    ("false_positive_rate", l.FalsePositiveRate)));
            json.WriteEndObject();
        });
    }

    private static void WriteBins(Utf8JsonWriter json, string name, IReadOnlyList<CalibrationBin> bins)
    {
        json.WriteStartObject(name);
        foreach (var bin in bins)
            MetricsJson.WriteNumbers(json, string.Create(CultureInfo.InvariantCulture, $"{bin.From:F4}-{bin.To:F4}"),
                Finite(("count", bin.Count), ("mean_score", bin.MeanScore), ("precision", bin.Precision)));
        json.WriteEndObject();
    }

    private static IEnumerable<KeyValuePair<string, double>> Finite(params (string Name, double Value)[] values) =>
        values.Where(v => double.IsFinite(v.Value)).Select(v => KeyValuePair.Create(v.Name, v.Value));
}
