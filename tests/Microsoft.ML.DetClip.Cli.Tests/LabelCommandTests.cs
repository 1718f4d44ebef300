using Microsoft.ML.DetClip.Testing;
using Microsoft.ML.DetClip.Tests;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class LabelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-label").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("coco", "--to", "coco:{0}/out.json", "--review-band", "0.9:0.94")]
    [InlineData("merge", "--to", "labelstudio:{0}/out.json", "--review-band", "0.9:0.94", "--merge", "coco:{0}/old.json,images={0}/images")]
    public async Task What_was_done_is_as_approved(string name, params string[] arguments)
    {
        WriteInputs();

        var session = await Label([.. arguments.Select(a => a.Replace("{0}", _folder))]);

        Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        Approved.Equal($"Cli.label.{name}", WithoutTimes($"{session.Output}\n{session.Error}".Replace(_folder, "FOLDER")));
        Assert.True(File.Exists(InFolder("out.json")));
    }

    [Fact]
    public async Task A_folder_of_an_exported_detector_does_as_well()
    {
        WriteInputs();
        ToyDetector.Model.Save(InFolder("detector"));

        var session = await Session.RunAsync("", "label", "--model", InFolder("detector"), "--images", InFolder("images"), "--labels", InFolder("labels.txt"), "--to", $"coco:{InFolder("out.json")}");

        Assert.True(session.ExitCode == ExitCode.Success, session.Error);
        Assert.Contains("found    3 boxes, 0 of them for review\nskipped  1 images\n", session.Output);
    }

    [Theory]
    [InlineData("it must begin with a format and a colon", "--to", "yarn:x")]
    [InlineData("'0.2' is no review band", "--to", "voc:x", "--review-band", "0.2")]
    [InlineData("Review is 0.6:0.5, allowed:", "--to", "voc:x", "--review-band", "0.6:0.5")]
    [InlineData("ScoreThreshold is 0.1, allowed: the lower end", "--to", "voc:x", "--review-band", "0.2:0.5", "--score-threshold", "0.1")]
    [InlineData("The data source 'coco:x' is not understood", "--to", "voc:x", "--merge", "coco:x")]
    public async Task What_is_not_understood_is_one_line_and_exit_code_2(string problem, params string[] arguments)
    {
        var session = await Label(arguments);

        Assert.Equal((ExitCode.BadUsage, ""), (session.ExitCode, session.Output));
        Assert.Contains(problem, session.Error);
        Assert.Single(session.Error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Nothing_is_written_where_no_image_can_be_read()
    {
        WriteInputs();
        foreach (var image in Directory.GetFiles(InFolder("images"))) File.WriteAllText(image, "no image");

        var session = await Label("--to", $"coco:{InFolder("out.json")}");

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Contains("There are no images that can be read", session.Error);
        Assert.False(File.Exists(InFolder("out.json")));
    }

    [Fact]
    public void On_a_screen_the_line_moves()
    {
        using var error = new StringWriter { NewLine = "\n" };
        using (var bar = new LabelingBar(new Terminal(TextReader.Null, TextWriter.Null, error) { IsScreen = true }))
        {
            bar.Report(new(1, 4, 3, 1, 0));
            bar.Report(new(2, 4, 5, 1, 1));
        }

        var drawn = error.ToString().Split('\r');
        Assert.StartsWith("[######..................] 1/4  3 boxes, 1 for review  0:00:0", drawn[1]);
        Assert.StartsWith("[############............] 2/4  5 boxes, 1 for review, 1 skipped  0:00:0", drawn[2]);
    }

    private Task<Session> Label(params string[] arguments) => Session.RunAsync("",
        ["label", "--model", InFolder("model.zip"), "--images", InFolder("images"), "--labels", InFolder("labels.txt"), .. arguments]);

    // Scores: red 0.95, green 0.93.
    private void WriteInputs()
    {
        Directory.CreateDirectory(InFolder("images"));
        File.WriteAllBytes(InFolder("images/a.png"), new ToyImage(120, 80, (ToyImage.Red, new(10, 20, 50, 60)), (ToyImage.Green, new(70, 20, 110, 60))).ToPng());
        File.WriteAllBytes(InFolder("images/b.png"), new ToyImage(120, 80, (ToyImage.Red, new(10, 20, 50, 60))).ToPng());
        File.WriteAllText(InFolder("images/broken.png"), "no image");
        File.WriteAllText(InFolder("labels.txt"), "red => warm\ngreen\n");
        File.WriteAllText(InFolder("old.json"), """
            {"images": [{"id": 1, "file_name": "a.png", "width": 120, "height": 80}], "categories": [{"id": 1, "name": "warm"}],
             "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [10, 20, 40, 40]}]}
            """);
        var context = new MLContext();
        var data = context.Data.LoadFromEnumerable([new { Image = "" }]);
        using var detector = context.Transforms.DetectOpenVocabulary(ToyDetector.Model, new() { Labels = ["blue"] }).Fit(data);
        context.Model.Save(detector, data.Schema, InFolder("model.zip"));
    }

    private static string WithoutTimes(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\d:\d\d:\d\d left", "TIME left");

    private string InFolder(string name) => Path.Combine(_folder, name);
}
