using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public class CommandLineTests
{
    [Theory]
    [InlineData("Cli.help")]
    [InlineData("Cli.check-labels.help", "check-labels")]
    [InlineData("Cli.evaluate.help", "evaluate")]
    [InlineData("Cli.convert.help", "convert")]
    [InlineData("Cli.export.help", "export")]
    [InlineData("Cli.label.help", "label")]
    [InlineData("Cli.openworld.help", "openworld")]
    [InlineData("Cli.profile.help", "profile")]
    [InlineData("Cli.tokenize.help", "tokenize")]
    [InlineData("Cli.train.help", "train")]
    public async Task Help_is_as_approved(string name, params string[] command)
    {
        var session = await Session.RunAsync("", [.. command, "--help"]);

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Approved.Equal(name, session.Output);
    }

    [Theory]
    [InlineData("See 'detclip --help'.", "no-such-command")]
    [InlineData("See 'detclip --help'.", "--no-such-option")]
    [InlineData("See 'detclip --help'.")]
    [InlineData("See 'detclip tokenize --help'.", "tokenize")]
    [InlineData("See 'detclip tokenize --help'.", "tokenize", "--vocabulary", "x", "--length", "many")]
    [InlineData("See 'detclip tokenize --help'.", "tokenize", "--vocabulary", "x", "surplus")]
    public async Task What_is_not_understood_is_one_line_with_a_hint_and_exit_code_2(string hint, params string[] arguments)
    {
        var session = await Session.RunAsync("", arguments);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Single(session.Error.TrimEnd('\n').Split('\n'));
        Assert.StartsWith("detclip: error: ", session.Error);
        Assert.EndsWith(hint + "\n", session.Error);
    }

    [Fact]
    public async Task The_version_goes_to_standard_output()
    {
        var session = await Session.RunAsync("", "--version");

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Assert.Matches(@"^\d+\.\d+", session.Output);
    }

    [Fact]
    public async Task A_stopped_command_says_so()
    {
        using var error = new StringWriter { NewLine = "\n" };
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, "header\n");

        var code = await CommandLine.RunAsync(
            ["tokenize", "-v", path], new Terminal(new StringReader("a\nb\n"), TextWriter.Null, error), new CancellationToken(canceled: true));
        File.Delete(path);

        Assert.Equal((ExitCode.Interrupted, "detclip: error: stopped before it was done.\n"), (code, error.ToString()));
    }
}
