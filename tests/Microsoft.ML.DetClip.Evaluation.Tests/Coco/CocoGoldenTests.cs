using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Evaluation.Tests;

/// <summary>Every number of pycocotools, to 1e-12. See tests/Golden/coco_eval/README.md.</summary>
public class CocoGoldenTests
{
    private const double Tolerance = 1e-12;

    [Theory]
    [InlineData("syn_area")]
    [InlineData("syn_crowd")]
    [InlineData("syn_iouedge")]
    [InlineData("syn_iouedge_idzero")]
    [InlineData("syn_ties")]
    public void Synthetic_case_equals_pycocotools(string name) => AssertEqual(RepositoryFiles.Path("tests", "Golden", "coco_eval", name));

    [SharedTheory("golden/coco_eval")]
    [InlineData("syn_manydets")]
    [InlineData("syn_float32")]
    [InlineData("real_coco128")]
    [InlineData("real_cocomini_val")]
    [InlineData("official_fakebbox100")]
    public void Large_or_real_case_equals_pycocotools(string name) => AssertEqual(SharedData.Path("golden/coco_eval/" + name));

    [SharedFact("golden/expected.json")]
    public void Grid_has_the_very_doubles_of_numpy()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(SharedData.Path("golden/expected.json")));
        Assert.Equal(Doubles(expected.RootElement.GetProperty("iouThrs")), EvaluationGrid.IouThresholds);
        Assert.Equal(Doubles(expected.RootElement.GetProperty("recThrs")), EvaluationGrid.RecallThresholds);
    }

    private static void AssertEqual(string folder)
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expected.json")));
        var groundTruth = CocoFiles.ReadGroundTruth(Path.Combine(folder, "gt.json"));
        var detections = CocoFiles.ReadResults(Path.Combine(folder, "dt.json"));

        var metrics = CocoEvaluator.Evaluate(groundTruth, detections);
        AssertStatistics(expected.RootElement, metrics);
        AssertCurve(expected.RootElement.GetProperty("AP_per_iou"), metrics.APByIou);
        AssertCurve(expected.RootElement.GetProperty("AR100_per_iou"), metrics.ARByIou);
        AssertCategories(expected.RootElement.GetProperty("per_category"), metrics.Categories);

        var agnostic = CocoEvaluator.Evaluate(groundTruth, detections, new() { ClassAgnostic = true });
        AssertStatistics(expected.RootElement.GetProperty("class_agnostic_useCats0"), agnostic);
        Assert.Empty(agnostic.Categories);
    }

    private static void AssertStatistics(JsonElement expected, CocoMetrics actual)
    {
        double[] statistics =
        [
            actual.AP, actual.AP50, actual.AP75, actual.APSmall, actual.APMedium, actual.APLarge,
            actual.AR1, actual.AR10, actual.AR100, actual.ARSmall, actual.ARMedium, actual.ARLarge,
        ];
        string[] names = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR@1", "AR@10", "AR@100", "ARs@100", "ARm@100", "ARl@100"];
        AssertNumbers(expected.GetProperty("stats"), names, statistics);
        Assert.Equal(expected.GetProperty("printed").EnumerateArray().Select(line => line.GetString()), actual.ToString().Split('\n'));
    }

    private static void AssertCategories(JsonElement expected, IReadOnlyList<CocoCategoryMetrics> actual)
    {
        Assert.Equal(expected.GetArrayLength(), actual.Count);
        string[] names = ["category_id", "AP", "AP50", "AP75", "APs", "APm", "APl", "AR100"];
        foreach (var (element, c) in expected.EnumerateArray().Zip(actual))
            AssertNumbers(element, names, [c.CategoryId, c.AP, c.AP50, c.AP75, c.APSmall, c.APMedium, c.APLarge, c.AR100]);
    }

    private static void AssertNumbers(JsonElement expected, string[] names, double[] actual)
    {
        foreach (var (name, value) in names.Zip(actual))
        {
            var official = expected.GetProperty(name).GetDouble();
            Assert.True(Math.Abs(official - value) <= Tolerance, $"{name}: pycocotools {official:R}, here {value:R}");
        }
    }

    private static void AssertCurve(JsonElement expected, IReadOnlyList<double> actual)
    {
        var official = expected.EnumerateObject().Select(point => point.Value.GetDouble()).ToArray();
        Assert.Equal(official.Length, actual.Count);
        Assert.All(official.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
