using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress of countable work on standard error: one line that moves on a screen, elsewhere a line for each tenth.</summary>
/// <param name="terminal">Where to draw.</param>
/// <param name="total">How many there are.</param>
/// <param name="unit">What is counted, in the plural.</param>
internal sealed class CountingBar(Terminal terminal, long total, string unit) : IDisposable
{
    private const int Width = 24;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long _before; // done by an earlier process
    private long _done;
    private int _drawn; // letters of the line on the screen

    /// <summary>Says how many were done earlier.</summary>
    public void Begin(long done)
    {
        (_before, _done) = (done, done);
        if (done > 0) terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {unit} were done before"));
    }

    /// <summary>One more is done.</summary>
    public void Advance()
    {
        var tenth = 10 * _done / total;
        _done++;
        if (terminal.IsScreen) Draw(Line());
        else if (10 * _done / total > tenth) terminal.Error.WriteLine(Line());
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

    private string Line()
    {
        var left = _watch.Elapsed / (_done - _before) * (total - _done);
        var bar = new string('#', (int)(Width * _done / total)).PadRight(Width, '.');
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {_done}/{total} {unit}  {(int)left.TotalHours}:{left:mm\\:ss} left");
    }
}
