using SkiaSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A run as a picture: losses of each kind of data, the validation set's metrics, the learning rate, all over steps.</summary>
internal static class LossCurves
{
    private static readonly SKColor[] Colours = [new(31, 119, 180), new(214, 95, 14), new(44, 140, 60), new(150, 80, 170), new(180, 40, 60), new(110, 110, 110)];

    /// <summary>Writes the picture, beside the path first and then renamed; nothing when there are no rows.</summary>
    public static void SavePng(string path, IReadOnlyList<MetricsRow> rows)
    {
        var panels = Panels(rows).Where(panel => panel.Lines.Count > 0).ToArray();
        if (panels.Length > 0) Chart.SavePng(path, panels, "step");
    }

    private static IEnumerable<ChartPanel> Panels(IReadOnlyList<MetricsRow> rows)
    {
        var steps = rows.Where(row => row.Kind != MetricsRow.Validation).ToArray();
        foreach (var kind in steps.GroupBy(row => row.Kind)) yield return new($"losses, {kind.Key}", Lines([.. kind], MetricsRow.Losses, isNoisy: true));
        var validation = rows.Where(row => row.Kind == MetricsRow.Validation).ToArray();
        yield return new("validation", Lines(validation, ["validation_ap", "validation_ap50", "validation_ap75"], isNoisy: false));
        yield return new("learning rate", Lines(steps, ["learning_rate"], isNoisy: false));
    }

    // A colour for each name, whether or not the kind has all of them; "total loss" is the sum of the others.
    private static IReadOnlyList<ChartLine> Lines(IReadOnlyList<MetricsRow> rows, IReadOnlyList<string> names, bool isNoisy) =>
        [.. names.Index()
            .Select(n => new ChartLine(Title(n.Item), Colours[n.Index % Colours.Length], [.. rows.Where(r => r[n.Item] is not null).Select(r => ((double)r.Step, r[n.Item]!.Value))], isNoisy))
            .Where(line => line.Points.Count > 0)];

    private static string Title(string name) => name == "loss" ? "total" : name.Replace("validation_ap", "AP").Replace("_loss", "").Replace('_', ' ');
}
