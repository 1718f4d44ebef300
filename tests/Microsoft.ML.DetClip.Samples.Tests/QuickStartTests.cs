using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Samples.Tests;

/// <summary>The quick start runs from end to end.</summary>
[Collection(AfterQuickStart.Name)]
public sealed class QuickStartTests(QuickStartFolder quickStart)
{
    [Fact]
    public void It_draws_trains_saves_and_detects_in_a_second_process()
    {
        Assert.Equal(0, quickStart.ExitCode);
        Assert.Contains("names never boxed in training", quickStart.Output);
        Assert.True(File.Exists(quickStart.Detector));
        Assert.True(File.Exists(quickStart.Checkpoint));
        Assert.True(File.Exists(quickStart.PathOf("overview.png")));
        Assert.Equal(20, Directory.GetFiles(quickStart.PathOf("detections"), "*.png").Length);
    }

    [SharedFact("data/coco-mini/annotations/instances_val2017.json", "data/coco-mini/val2017")]
    public void It_takes_COCO_data_instead()
    {
        var folder = quickStart.PathOf("coco");

        var (exitCode, output) = SampleProgram.Run("QuickStart", "--out", folder, "--steps", "2",
            "--coco", SharedData.Path("data/coco-mini/annotations/instances_val2017.json"), "--images", SharedData.Path("data/coco-mini/val2017"));

        Assert.True(exitCode == 0, output);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(folder, "detections"), "*.png"));
    }

    [Theory]
    [InlineData("--steps is 'none'; it must be a positive number.", "--steps", "none")]
    [InlineData("--coco and --images go together.", "--coco", "x.json")]
    [InlineData("There is no option '--help-me'.", "--help-me", "please")]
    public void A_bad_command_line_says_what_is_wrong(string message, params string[] arguments)
    {
        var (exitCode, output) = SampleProgram.Run("QuickStart", arguments);

        Assert.Equal(2, exitCode);
        Assert.Contains(message, output);
    }
}
