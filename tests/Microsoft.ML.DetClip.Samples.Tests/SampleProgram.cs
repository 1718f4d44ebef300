using System.Diagnostics;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>A sample in a process of its own, as a user starts it.</summary>
internal static class SampleProgram
{
    /// <summary>Runs a sample to its end.</summary>
    public static (int ExitCode, string Output) Run(string sample, params string[] arguments)
    {
        using var process = Process.Start(StartInfo(sample, arguments))!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    /// <summary>How to start a sample, built with this test and in its configuration.</summary>
    public static ProcessStartInfo StartInfo(string sample, params IReadOnlyList<string> arguments)
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";
        var program = RepositoryFiles.Path("samples", sample, "bin", configuration, "net10.0", sample + ".dll");
        return new("dotnet", [program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }
}
