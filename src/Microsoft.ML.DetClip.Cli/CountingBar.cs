using System.Globalization;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Progress of countable work on standard error; see <see cref="ProgressLine"/>.</summary>
/// <param name="terminal">Where to draw.</param>
/// <param name="total">How many there are.</param>
/// <param name="unit">What is counted, in the plural.</param>
internal sealed class CountingBar(Terminal terminal, long total, string unit) : IDisposable
{
    private readonly ProgressLine _line = new(terminal);
    private long _done;

    /// <summary>Says how many were done earlier.</summary>
    public void Begin(long done)
    {
        _done = done;
        if (done > 0) terminal.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {total} {unit} were done before"));
    }

    /// <summary>One more is done.</summary>
    public void Advance() => _line.Show(++_done, total, $" {unit}");

    /// <summary>Leaves the line behind.</summary>
    public void Dispose() => _line.Dispose();
}
