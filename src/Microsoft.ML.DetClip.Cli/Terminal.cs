using System.Text;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>What a command reads and writes: the standard streams, or what a test puts in their place.</summary>
/// <param name="Input">Standard input.</param>
/// <param name="Output">Standard output: results and help, nothing else, so that it can be piped.</param>
/// <param name="Error">Standard error: warnings, progress, errors.</param>
internal sealed record Terminal(TextReader Input, TextWriter Output, TextWriter Error)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether standard error is a screen, on which a line can be drawn over.</summary>
    public bool IsScreen { get; init; }

    /// <summary>The streams of this process, in UTF-8 on every system; each line goes out as soon as it is written.</summary>
    public static Terminal OfProcess() => new(
        new StreamReader(Console.OpenStandardInput(), Utf8),
        WriterOf(Console.OpenStandardOutput()),
        WriterOf(Console.OpenStandardError()))
    {
        IsScreen = !Console.IsErrorRedirected,
    };

    /// <summary>Says something on one line of standard error that does not stop the command.</summary>
    public void Warn(string message) => Error.WriteLine($"detclip: warning: {OnOneLine(message)}");

    /// <summary>Says on one line of standard error why the command stops.</summary>
    public void Fail(string message) => Error.WriteLine($"detclip: error: {OnOneLine(message)}");

    private static StreamWriter WriterOf(Stream stream) => new(stream, Utf8) { AutoFlush = true, NewLine = "\n" };

    private static string OnOneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
