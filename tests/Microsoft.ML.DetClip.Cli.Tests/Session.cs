namespace Microsoft.ML.DetClip.Cli.Tests;

/// <summary>One run of the command line inside the test's process.</summary>
/// <param name="ExitCode">What the process would return.</param>
/// <param name="Output">What went to standard output.</param>
/// <param name="Error">What went to standard error.</param>
internal sealed record Session(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a command line on a text as standard input.</summary>
    public static async Task<Session> RunAsync(string input, params string[] arguments)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var code = await CommandLine.RunAsync(arguments, new Terminal(new StringReader(input), output, error));
        return new(code, output.ToString(), error.ToString());
    }
}
