using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Evaluation.Tests;

/// <summary>Every number of lvis-api, to 1e-12. See tests/Golden/lvis_eval/README.md.</summary>
public class LvisGoldenTests
{
    [Theory]
    [InlineData("syn_no_rare_gt")]
    [InlineData("syn_no_common_cats")]
    public void Synthetic_case_equals_lvis_api(string name) => AssertEqual(RepositoryFiles.Path("tests", "Golden", "lvis_eval", name));

    [SharedTheory("golden/lvis_eval")]
    [InlineData("syn_federated")]
    [InlineData("syn_manydets_ties")]
    [InlineData("real_val100_sparse")]
    [InlineData("real_val100_dense")]
    public void Large_or_real_case_equals_lvis_api(string name) => AssertEqual(SharedData.Path("golden/lvis_eval/" + name));

    private static void AssertEqual(string folder)
    {
        using var expected = GoldenNumbers.Open(folder);
        var groundTruth = LvisFiles.ReadGroundTruth(Path.Combine(folder, "gt.json"));
        var detections = CocoFiles.ReadResults(Path.Combine(folder, "dt.json"));

        AssertMetrics(expected.RootElement.GetProperty("standard_max_dets_300"), LvisEvaluator.Evaluate(groundTruth, detections));
        foreach (var limit in (int[])[10_000, 100, 25])
        {
            var metrics = LvisEvaluator.Evaluate(groundTruth, detections, LvisEvaluatorOptions.FixedAP with { MaxDetectionsPerCategory = limit });
            AssertMetrics(expected.RootElement.GetProperty($"fixed_ap_dets_per_cat_{limit}"), metrics);
        }
        var pooled = LvisEvaluator.Evaluate(groundTruth, detections, LvisEvaluatorOptions.FixedAP with { Pooled = true });
        GoldenNumbers.AssertContains(expected.RootElement.GetProperty("pooled_ap_10000"), pooled.ToNamedValues());
    }

    private static void AssertMetrics(JsonElement expected, LvisMetrics actual)
    {
        GoldenNumbers.AssertEqual(expected.GetProperty("results"), actual.ToNamedValues());
        Assert.Equal(GoldenNumbers.Texts(expected.GetProperty("printed")), actual.ToString().Split('\n'));
        var measured = actual.Categories.Where(c => c.Objects > 0).ToList();
        Assert.Equal(expected.GetProperty("per_category").GetArrayLength(), measured.Count);
        foreach (var (official, category) in expected.GetProperty("per_category").EnumerateArray().Zip(measured))
            GoldenNumbers.AssertContains(official, category.ToNamedValues().Append(new("category_id", category.CategoryId)));
        Assert.All(actual.Categories.Where(c => c.Objects == 0), c => Assert.All(c.ToNamedValues(), value => Assert.Equal(-1, value.Value)));
    }
}
