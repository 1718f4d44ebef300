using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class CheckLabelsCommandTests : IDisposable
{
    private const string Labels = "traffic light\nlight\nlights\nsunflower\nsunflowr\nred car\ta vehicle with four wheels that is coloured like a ripe tomato or a fire engine on its way to a fire\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Cli.check-labels")]
    [InlineData("Cli.check-labels.json", "--json")]
    public async Task Warnings_are_as_approved_and_the_command_succeeds(string name, params string[] options)
    {
        var session = await Session.RunAsync("", ["check-labels", "--labels", Write("labels.txt", Labels), .. options]);

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Approved.Equal(name, session.Output);
    }

    [Fact]
    public async Task With_a_detector_its_tokenizer_and_text_encoder_are_asked()
    {
        var tokenizer = BytePairLearner.Learn(["traffic light", "red car", "a vehicle with four wheels that is coloured like a ripe tomato or a fire engine on its way"], mergeCount: 200);
        using (var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 8)) DetectorExporter.Export(network, tokenizer, new(), Path.Combine(_folder, "detector"));

        var session = await Session.RunAsync("", "check-labels", "--labels", Write("labels.txt", Labels + "Zwetschgenknödel\n"), "--model", Path.Combine(_folder, "detector"));

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Assert.Contains("\nCut texts:\n  'red car, a vehicle with four wheels", session.Output);
        Assert.Contains("; it does not see '", session.Output);
        Assert.Contains("\nWords in pieces:\n", session.Output);
        Assert.Contains("'zwetschgenknödel' is ", session.Output);
    }

    [Fact]
    public async Task Strictly_a_warning_is_a_failure_and_none_is_none()
    {
        Assert.Equal(ExitCode.Failure, (await Session.RunAsync("", "check-labels", "-l", Write("bad.txt", "light\nlights\n"), "--strict")).ExitCode);
        Assert.Equal(new(ExitCode.Success, "2 labels, 0 warnings\n", ""), await Session.RunAsync("", "check-labels", "-l", Write("good.txt", "mug\nzebra\n"), "--strict"));
    }

    [Fact]
    public async Task A_file_with_faults_is_refused_with_all_of_them()
    {
        var path = Write("labels.json", """["dog", "Dog", {"name": "cat", "parent": "animal"}]""");

        var session = await Session.RunAsync("", "check-labels", "--labels", path);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Equal($"detclip: error: '{path}': The vocabulary names a class more than once: 'dog' at 0, 1; 'cat' has the unknown parent 'animal'.\n", session.Error);
    }

    private string Write(string name, string text)
    {
        var path = Path.GetFullPath(Path.Combine(_folder, name));
        File.WriteAllText(path, text);
        return path;
    }
}
