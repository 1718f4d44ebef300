using System.Globalization;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress of training: the losses of each kind of data as moving averages, and the speed.</summary>
internal sealed class TrainingBar(Terminal terminal) : IProgress<TrainingProgress>, IDisposable
{
    private const double Keep = 0.95; // of the losses' moving average
    private readonly SortedDictionary<SampleKind, double> _losses = [];
    private readonly ProgressLine _line = new(terminal);

    /// <summary>What the run did to the held vocabulary; null before it is known.</summary>
    public HeldVocabulary? Held { get; private set; }

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        Held = value.Held;
        if (Held is not null) return; // a second report of the last step
        _losses[value.Kind] = _losses.TryGetValue(value.Kind, out var loss) ? Keep * loss + (1 - Keep) * value.Loss : value.Loss;
        var losses = string.Join("  ", _losses.Select(l => string.Create(CultureInfo.InvariantCulture, $"{l.Key.ToString().ToLowerInvariant()} {l.Value:F3}")));
        _line.Show(value.Step, value.TotalSteps, string.Create(CultureInfo.InvariantCulture, $"  {losses}  {value.ImagesPerSecond:F1} images/s"));
    }

    /// <summary>Lets something else be written where the line is.</summary>
    public void Interrupt(Action write) => _line.Interrupt(write);

    /// <summary>Leaves the line behind.</summary>
    public void Dispose() => _line.Dispose();
}
