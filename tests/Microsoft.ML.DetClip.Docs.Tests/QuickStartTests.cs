using System.Diagnostics;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The quick start runs from end to end, in a process of its own; here with so few steps that it learns nothing.</summary>
public sealed class QuickStartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-quickstart").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_draws_trains_saves_and_detects_in_a_second_process()
    {
        var (exitCode, output) = Run("--scenes", "30", "--steps", "3");

        Assert.True(exitCode == 0, output);
        Assert.Contains("names never boxed in training", output);
        Assert.True(File.Exists(Path.Combine(_folder, "detector.zip")));
        Assert.True(File.Exists(Path.Combine(_folder, "overview.png")));
        Assert.Equal(20, Directory.GetFiles(Path.Combine(_folder, "detections"), "*.png").Length);
    }

    [SharedFact("data/coco-mini/annotations/instances_val2017.json", "data/coco-mini/val2017")]
    public void It_takes_COCO_data_instead()
    {
        var (exitCode, output) = Run(
            "--coco", SharedData.Path("data/coco-mini/annotations/instances_val2017.json"), "--images", SharedData.Path("data/coco-mini/val2017"), "--steps", "2");

        Assert.True(exitCode == 0, output);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_folder, "detections"), "*.png"));
    }

    [Theory]
    [InlineData("--steps is 'none'; it must be a positive number.", "--steps", "none")]
    [InlineData("--coco and --images go together.", "--coco", "x.json")]
    [InlineData("There is no option '--help-me'.", "--help-me", "please")]
    public void A_bad_command_line_says_what_is_wrong(string message, params string[] arguments)
    {
        var (exitCode, output) = Run(arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, output);
    }

    private (int ExitCode, string Output) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[Program(), "--out", _folder, .. arguments]) start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + error.Result);
    }

    // Built with the solution, in the configuration of this test.
    private static string Program()
    {
        var configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}") ? "Release" : "Debug";
        return RepositoryFiles.Path("samples", "QuickStart", "bin", configuration, "net10.0", "QuickStart.dll");
    }
}
