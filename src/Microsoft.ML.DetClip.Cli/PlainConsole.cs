using Spectre.Console;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>Where tables are written: letters alone, without colours, so that they read the same in a file.</summary>
internal static class PlainConsole
{
    /// <param name="output">Where to.</param>
    /// <param name="width">Letters of a line.</param>
    public static IAnsiConsole Create(TextWriter output, int width)
    {
        var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(output), Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = false;
        return console;
    }
}
