using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Evaluation.Tests;

/// <summary>Every number of MDETR's evaluators. See tests/Golden/grounding_eval/README.md.</summary>
public class GroundingGoldenTests
{
    [Theory]
    [InlineData("any_box_iou0.5", false, 0.5)]
    [InlineData("any_box_iou0.75", false, 0.75)]
    [InlineData("merged_box_iou0.5", true, 0.5)]
    [InlineData("merged_box_iou0.75", true, 0.75)]
    public void Recall_of_phrases_equals_MDETR(string name, bool merge, double threshold)
    {
        var folder = RepositoryFiles.Path("tests", "Golden", "grounding_eval", "flickr30k_entities");
        using var expected = GoldenNumbers.Open(folder);
        var official = expected.RootElement.GetProperty("results").GetProperty(name);

        var options = new Flickr30kEvaluatorOptions { MergeBoxes = merge, IouThreshold = threshold };
        var metrics = Flickr30kEvaluator.EvaluateFiles(folder, "test", Path.Combine(folder, "predictions.json"), options).Single();

        Assert.Equal(official.EnumerateObject().Select(k => int.Parse(k.Name)).Order(), metrics.Recalls.Keys.Order());
        foreach (var (k, recalls) in metrics.Recalls) GoldenNumbers.AssertEqual(official.GetProperty($"{k}"), recalls);
    }

    [Fact]
    public void Precision_of_referring_expressions_equals_MDETR()
    {
        var folder = RepositoryFiles.Path("tests", "Golden", "grounding_eval", "refexp");
        using var expected = GoldenNumbers.Open(folder);

        var metrics = RefExpEvaluator.EvaluateFiles(Path.Combine(folder, "gt.json"), Path.Combine(folder, "predictions.json"));

        foreach (var (dataset, precisions) in metrics.Precisions)
            Assert.Equal(Doubles(expected.RootElement.GetProperty("results").GetProperty(dataset)), precisions);
    }

    private static double[] Doubles(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];
}
