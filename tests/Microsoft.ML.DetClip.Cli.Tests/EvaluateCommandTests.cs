using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Cli.Tests;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    private string Metrics => Path.Combine(_folder, "metrics.json");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("coco", "coco_eval/syn_ties/gt.json", "coco_eval/syn_ties/dt.json")]
    [InlineData("lvis", "lvis_eval/syn_no_rare_gt/gt.json", "lvis_eval/syn_no_rare_gt/dt.json")]
    [InlineData("lvis-fixed", "lvis_eval/syn_no_rare_gt/gt.json", "lvis_eval/syn_no_rare_gt/dt.json", "--dets-per-category", "25", "--pooled")]
    [InlineData("flickr30k", "grounding_eval/flickr30k_entities", "grounding_eval/flickr30k_entities/predictions.json")]
    [InlineData("refexp", "grounding_eval/refexp/gt.json", "grounding_eval/refexp/predictions.json")]
    public async Task Table_and_metrics_are_as_approved(string protocol, string groundTruth, string detections, params string[] more)
    {
        var session = await Session.RunAsync(
            "", ["evaluate", "--protocol", protocol, "--ground-truth", Golden(groundTruth), "--detections", Golden(detections), "--out", Metrics, .. more]);

        Assert.Equal((ExitCode.Success, ""), (session.ExitCode, session.Error));
        Approved.Equal($"Cli.evaluate.{protocol}", session.Output + File.ReadAllText(Metrics));
    }

    [Fact]
    public async Task Metrics_are_those_of_pycocotools_by_its_names()
    {
        await Session.RunAsync("", "evaluate", "-p", "coco", "-g", Golden("coco_eval/syn_crowd/gt.json"), "-d", Golden("coco_eval/syn_crowd/dt.json"), "-o", Metrics);

        using var expected = JsonDocument.Parse(File.ReadAllBytes(Golden("coco_eval/syn_crowd/expected.json")));
        using var actual = JsonDocument.Parse(File.ReadAllBytes(Metrics));
        foreach (var official in expected.RootElement.GetProperty("stats").EnumerateObject())
            Assert.Equal(official.Value.GetDouble(), actual.RootElement.GetProperty("metrics").GetProperty(official.Name).GetDouble(), 1e-12);
    }

    [Theory]
    [InlineData("--dets-per-category has no meaning for coco, only for lvis-fixed.", "coco", "--dets-per-category", "10")]
    [InlineData("--dets-per-category is 0; it must be positive.", "lvis-fixed", "--dets-per-category", "0")]
    [InlineData("--class-agnostic has no meaning for lvis", "lvis", "--class-agnostic")]
    [InlineData("--subset has no meaning for coco", "coco", "--subset", "val")]
    public async Task An_option_of_another_protocol_is_bad_usage(string message, string protocol, params string[] options)
    {
        var session = await Session.RunAsync("", ["evaluate", "-p", protocol, "-g", "gt.json", "-d", "dt.json", .. options]);

        Assert.Equal(ExitCode.BadUsage, session.ExitCode);
        Assert.Contains(message, session.Error);
    }

    [Fact]
    public async Task A_result_on_an_unknown_image_is_named_with_its_file_and_nothing_is_written()
    {
        var detections = Path.Combine(_folder, "dt.json");
        File.WriteAllText(detections, """[{"image_id": 123456, "category_id": 1, "bbox": [1, 2, 3, 4], "score": 0.5}]""");

        var session = await Session.RunAsync("", "evaluate", "-p", "coco", "-g", Golden("coco_eval/syn_ties/gt.json"), "-d", detections, "-o", Metrics);

        Assert.Equal((ExitCode.Failure, ""), (session.ExitCode, session.Output));
        Assert.Equal($"detclip: error: '{detections}': Detection 0 is on image 123456, which the ground truth does not have.\n", session.Error);
        Assert.False(File.Exists(Metrics));
    }

    private static string Golden(string path) => RepositoryFiles.Path(["tests", "Golden", .. path.Split('/')]);
}
