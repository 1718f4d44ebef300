using System.Diagnostics;
using System.Text;

namespace Microsoft.ML.DetClip.Cli.Tests;

/// <summary>What only a process of its own shows: the bytes on its streams.</summary>
public class ProcessTests
{
    [Fact]
    public async Task Streams_are_UTF8_without_a_byte_order_mark_and_a_line_is_answered_before_the_next_is_read()
    {
        var vocabulary = Path.GetTempFileName();
        await File.WriteAllTextAsync(vocabulary, "header\n");
        using var process = Start("tokenize", "--vocabulary", vocabulary, "--length", "3");

        await process.StandardInput.BaseStream.WriteAsync("é é\n"u8.ToArray());
        await process.StandardInput.BaseStream.FlushAsync();
        var answer = new byte[32];
        var length = await process.StandardOutput.BaseStream.ReadAsync(answer).AsTask().WaitAsync(TimeSpan.FromMinutes(2));
        process.StandardInput.Close();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        File.Delete(vocabulary);

        Assert.Equal("[512,127,513]\n", Encoding.UTF8.GetString(answer, 0, length));
        Assert.Equal("detclip: warning: line 1 does not fit into 3 ids; lost: \"é é\"\n", error);
        Assert.Equal(ExitCode.Success, process.ExitCode);
    }

    /// <summary>Starts <c>detclip</c>.</summary>
    internal static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. arguments])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        StandardErrorEncoding = new UTF8Encoding(false),
    })!;
}
