using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress of training on standard error: one line that moves on a screen, elsewhere a line for each tenth of the work.</summary>
internal sealed class TrainingBar(Terminal terminal) : IProgress<TrainingProgress>, IDisposable
{
    private const int Width = 24;
    private const double Keep = 0.95; // of the losses' moving average
    private readonly SortedDictionary<SampleKind, double> _losses = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long? _stepsBefore; // done by an earlier process
    private long _lastTenth;
    private int _drawn; // letters of the line on the screen

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        _stepsBefore ??= value.Step - 1;
        _losses[value.Kind] = _losses.TryGetValue(value.Kind, out var loss) ? Keep * loss + (1 - Keep) * value.Loss : value.Loss;
        var tenth = 10 * value.Step / value.TotalSteps;
        if (terminal.IsScreen) Draw(Line(value));
        else if (tenth > _lastTenth) terminal.Error.WriteLine(Line(value));
        _lastTenth = tenth;
    }

    /// <summary>Lets something else be written where the line is.</summary>
    public void Interrupt(Action write)
    {
        if (_drawn > 0) terminal.Error.Write($"\r{new string(' ', _drawn)}\r");
        _drawn = 0;
        write();
    }

    /// <summary>Leaves the line behind.</summary>
    public void Dispose()
    {
        if (_drawn > 0) terminal.Error.WriteLine();
        _drawn = 0;
    }

    private void Draw(string line)
    {
        terminal.Error.Write($"\r{line.PadRight(_drawn)}");
        _drawn = line.Length;
    }

    private string Line(TrainingProgress at)
    {
        var left = _watch.Elapsed / (at.Step - _stepsBefore!.Value) * (at.TotalSteps - at.Step);
        var losses = string.Join("  ", _losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key.ToString().ToLowerInvariant()} {l.Value:F3}")));
        var bar = new string('#', (int)(Width * at.Step / at.TotalSteps)).PadRight(Width, '.');
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {at.Step}/{at.TotalSteps}  {losses}  {at.ImagesPerSecond:F1} images/s  {Time(left)} left");
    }

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
}
