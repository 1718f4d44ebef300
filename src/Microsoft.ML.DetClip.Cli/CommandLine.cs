using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Microsoft.ML.DetClip.Cli;

/// <summary>The root of the command line: parses, runs the command that was named, and turns errors into a line and an exit code.</summary>
internal static class CommandLine
{
    private const int HelpWidth = 100;
    private const string TraceVariable = "DETCLIP_TRACE";

    // From Ctrl-C until the process ends whatever the command does: a training step is finished and the run saved before.
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromMinutes(1);

    /// <summary>Runs one command line.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal, CancellationToken cancellation = default)
    {
        var root = CreateRoot(terminal);
        var parsed = root.Parse(arguments);
        if (parsed.CommandResult.Command == root) Shorten(root.Subcommands);
        if (parsed.Action is ParseErrorAction) return FailParsing(parsed, terminal);
        try
        {
            var invocation = new InvocationConfiguration
            {
                Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToEnd,
            };
            return await parsed.InvokeAsync(invocation, cancellation);
        }
        catch (OperationCanceledException)
        {
            terminal.Fail("stopped before it was done.");
            return ExitCode.Interrupted;
        }
        catch (Exception e)
        {
            terminal.Fail(Describe(e));
            return ExitCode.Failure;
        }
    }

    private static CliCommand CreateRoot(Terminal terminal) => new(
        "detclip",
        "Open-vocabulary object detection: give class names as words, get boxes.\n\n" +
        "Results go to standard output, all else to standard error. Exit codes: 0 done, 1 failed, 2 not understood, 130 stopped.")
    {
        new HelpOption { Action = new HelpAction { MaxWidth = HelpWidth } },
        new VersionOption(),
        CheckLabelsCommand.Create(terminal),
        BenchmarkApCommand.Create(terminal),
        EvaluateCommand.Create(terminal),
        ConvertCommand.Create(terminal),
        ExportCommand.Create(terminal),
        LabelCommand.Create(terminal),
        OpenWorldCommand.Create(terminal),
        ProfileCommand.Create(terminal),
        TokenizeCommand.Create(terminal),
        TrainCommand.Create(terminal),
    };

    /// <summary>Leaves the first sentence of each description, a line in the help of the root; the whole is in the command's own.</summary>
    private static void Shorten(IEnumerable<CliCommand> commands)
    {
        foreach (var command in commands)
            if (command.Description is { } all && all.IndexOf(". ", StringComparison.Ordinal) is >= 0 and var end) command.Description = all[..(end + 1)];
    }

    private static int FailParsing(ParseResult parsed, Terminal terminal)
    {
        var problems = string.Join(" ", parsed.Errors.Select(error => error.Message));
        terminal.Fail($"{problems} See '{PathOf(parsed.CommandResult.Command)} --help'.");
        return ExitCode.BadUsage;
    }

    private static string PathOf(CliCommand command) =>
        command.Parents.OfType<CliCommand>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    // What a library throws at its boundary says what to do; anything else is a defect, whose place matters more.
    private static string Describe(Exception e)
    {
        if (Environment.GetEnvironmentVariable(TraceVariable) == "1") return e.ToString();
        return e is CommandException or IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            ? e.Message
            : $"{e.GetType().Name}: {e.Message} Set {TraceVariable}=1 to see where it comes from.";
    }
}
