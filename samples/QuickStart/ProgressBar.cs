using System.Diagnostics;
using Microsoft.ML.DetClip.Training;

namespace QuickStart;

/// <summary>One line that moves on a terminal; a line for each tenth of the work where output goes to a file.</summary>
internal sealed class ProgressBar(string indent) : IProgress<TrainingProgress>, IDisposable
{
    private const int Width = 30;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private double _loss;
    private int _lastTenth;
    private bool _drawn;

    public void Report(TrainingProgress value)
    {
        _loss = value.Step == 1 ? value.Loss : 0.95 * _loss + 0.05 * value.Loss;
        var done = (double)value.Step / value.TotalSteps;
        var left = _watch.Elapsed * ((1 - done) / done);
        var line = $"{indent}[{new string('#', (int)(done * Width)),-Width}] step {value.Step}/{value.TotalSteps}  loss {_loss:f3}  {value.ImagesPerSecond:f0} images/s  {left:m\\:ss} left";
        if (!Console.IsOutputRedirected) Console.Write($"\r{line}  ");
        else if ((int)(done * 10) > _lastTenth) Console.WriteLine(line);
        (_lastTenth, _drawn) = ((int)(done * 10), true);
    }

    public void Dispose()
    {
        if (_drawn && !Console.IsOutputRedirected) Console.WriteLine();
    }
}
