using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A line after each epoch: mean loss of each kind of data, and how long it took.</summary>
/// <param name="epochs">Epochs of the run.</param>
/// <param name="say">Takes the line.</param>
internal sealed class EpochMessages(double epochs, Action<string> say) : ITrainingObserver
{
    private readonly Dictionary<string, (double Sum, int Count)> _losses = [];
    private Stopwatch _watch = Stopwatch.StartNew();
    private double? _last; // null before the first step, which need not be that of the run

    /// <inheritdoc/>
    public void AfterStep(TrainingProgress step, DetClipNetwork network)
    {
        foreach (var row in MetricsRow.Of(step).Where(row => row["loss"] is not null))
        {
            var (sum, count) = _losses.GetValueOrDefault(row.Kind);
            _losses[row.Kind] = (sum + row["loss"]!.Value, count + 1);
        }
        if (Math.Floor(step.Epoch) > Math.Floor(_last ?? FirstEpoch(step))) Say(Math.Floor(step.Epoch));
        _last = step.Epoch;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    // Where a step began: a run of one epoch may end with its first step, and one that goes on begins in the midst.
    private static double FirstEpoch(TrainingProgress step) => step.Epoch * (step.Step - 1) / step.Step;

    private void Say(double epoch)
    {
        var means = _losses.OrderBy(l => l.Key).Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key} {l.Value.Sum / l.Value.Count:F3}"));
        say(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch} of {epochs:0.##} done in {_watch.Elapsed:h\\:mm\\:ss}: mean loss {string.Join(", ", means)}"));
        _losses.Clear();
        _watch = Stopwatch.StartNew();
    }
}
