using System.Diagnostics;
using System.Globalization;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress on standard error: one line that moves on a screen, elsewhere a line for each tenth of the work.</summary>
internal sealed class ProgressLine(Terminal terminal) : IDisposable
{
    private const int Width = 24;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private long? _before; // done by an earlier process
    private long? _lastTenth;
    private int _drawn; // letters of the line on the screen

    /// <summary>Shows where the work stands.</summary>
    /// <param name="done">1 or more.</param>
    /// <param name="total">Not below <paramref name="done"/>.</param>
    /// <param name="words">What there is to say besides, behind the two numbers.</param>
    public void Show(long done, long total, string words)
    {
        _before ??= done - 1;
        _lastTenth ??= 10 * _before / total;
        var tenth = 10 * done / total;
        if (terminal.IsScreen) Draw(Line(done, total, words));
        else if (tenth > _lastTenth) terminal.Error.WriteLine(Line(done, total, words));
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

    private string Line(long done, long total, string words)
    {
        var left = _watch.Elapsed / (done - _before!.Value) * (total - done);
        var bar = new string('#', (int)(Width * done / total)).PadRight(Width, '.');
        return $"[{bar}] {done}/{total}{words}  {Time(left)} left";
    }

    private static string Time(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time:mm\\:ss}");
}
