using System.Globalization;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What a run's files hold of one step, or of one look at the validation set.</summary>
/// <param name="Step">Steps done, 1 or more.</param>
/// <param name="Epoch">Epochs done, with fraction.</param>
/// <param name="Kind">Kind of the step's data in lower case, or <see cref="Validation"/>.</param>
/// <param name="Values">A value for each of <see cref="Names"/>; null where the row has none.</param>
internal sealed record MetricsRow(long Step, double Epoch, string Kind, IReadOnlyList<double?> Values)
{
    private static readonly string[] Columns =
    [
        "loss", "alignment_loss", "box_loss", "centerness_loss", "pair_loss", "pair_accuracy", "pair_temperature",
        "learning_rate", "gradient_norm", "images_per_second", "wait_seconds",
        "validation_ap", "validation_ap50", "validation_ap75", "validation_ap_small", "validation_ap_medium", "validation_ap_large",
    ];

    /// <summary>The kind of rows that hold metrics of the validation set.</summary>
    public const string Validation = "validation";

    /// <summary>Kinds of rows that hold metrics of the held vocabulary begin so: "held_before" and "held_after".</summary>
    public const string Held = "held_";

    /// <summary>Names of all values, in their order.</summary>
    public static IReadOnlyList<string> Names => Columns;

    /// <summary>Those of <see cref="Names"/> that are losses, the one that is minimised first.</summary>
    public static IReadOnlyList<string> Losses { get; } = [.. Names.Where(name => name.EndsWith("loss", StringComparison.Ordinal))];

    /// <summary>First line of a table of rows.</summary>
    public static string Header { get; } = string.Join(',', ["step", "epoch", "kind", .. Names]);

    /// <summary>The value of that name; null where the row has none.</summary>
    public double? this[string name] => Values[Array.IndexOf(Columns, name)];

    /// <summary>The rows of a step: its own, and one for the validation set where it was looked at.</summary>
    public static IEnumerable<MetricsRow> Of(TrainingProgress step)
    {
        yield return Make(step, step.Kind.ToString().ToLowerInvariant(), new(LossesOf(step))
        {
            ["loss"] = step.Loss, ["learning_rate"] = step.LearningRate, ["gradient_norm"] = step.GradientNorm,
            ["images_per_second"] = step.ImagesPerSecond, ["wait_seconds"] = step.WaitSeconds,
        });
        if (step.Validation is { } metrics) yield return Make(step, Validation, ValuesOf(metrics));
    }

    /// <summary>The rows of the held vocabulary: before the run and after it, both at the last step.</summary>
    public static IEnumerable<MetricsRow> OfHeld(TrainingProgress last) =>
        last.Held is { } held ? [Make(last, $"{Held}before", ValuesOf(held.Before)), Make(last, $"{Held}after", ValuesOf(held.After))] : [];

    private static Dictionary<string, double> ValuesOf(CocoMetrics metrics) => new()
    {
        ["validation_ap"] = metrics.AP, ["validation_ap50"] = metrics.AP50, ["validation_ap75"] = metrics.AP75,
        ["validation_ap_small"] = metrics.APSmall, ["validation_ap_medium"] = metrics.APMedium, ["validation_ap_large"] = metrics.APLarge,
    };

    /// <summary>Reads a line of <see cref="ToString"/>; null when it is none, or cut off.</summary>
    public static MetricsRow? Parse(string line)
    {
        var cells = line.Split(',');
        if (cells.Length != Names.Count + 3 || !long.TryParse(cells[0], CultureInfo.InvariantCulture, out var step)) return null;
        return Number(cells[1]) is { } epoch ? new(step, epoch, cells[2], [.. cells.Skip(3).Select(Number)]) : null;
    }

    /// <summary>The row as a line of comma-separated values.</summary>
    public override string ToString() => string.Join(',', [
        Step.ToString(CultureInfo.InvariantCulture), Epoch.ToString("F6", CultureInfo.InvariantCulture), Kind,
        .. Values.Select(value => value?.ToString("G7", CultureInfo.InvariantCulture) ?? "")]);

    // Only what the kind learns from: a loss that it does not have is no loss of 0.
    private static Dictionary<string, double> LossesOf(TrainingProgress step) => step.Kind switch
    {
        SampleKind.Detection => new() { ["alignment_loss"] = step.AlignmentLoss, ["box_loss"] = step.BoxLoss, ["centerness_loss"] = step.CenternessLoss },
        SampleKind.Grounding => new() { ["alignment_loss"] = step.AlignmentLoss },
        _ => new() { ["pair_loss"] = step.PairLoss, ["pair_accuracy"] = step.PairAccuracy, ["pair_temperature"] = step.PairTemperature },
    };

    private static MetricsRow Make(TrainingProgress step, string kind, Dictionary<string, double> values) =>
        new(step.Step, step.Epoch, kind, [.. Names.Select(name => values.TryGetValue(name, out var value) && double.IsFinite(value) ? value : (double?)null)]);

    private static double? Number(string cell) => double.TryParse(cell, CultureInfo.InvariantCulture, out var value) ? value : null;
}
