namespace Microsoft.ML.DetClip.Evaluation.Tests;

public class DatasetSuiteTests
{
    [Fact]
    public void Each_data_set_counts_the_same()
    {
        var (truth, detections) = RandomDetections.Make(1);
        var some = CocoEvaluator.Evaluate(truth, detections);

        var suite = new DatasetSuite(new Dictionary<string, CocoMetrics>
        {
            ["aquarium"] = some with { AP = 0.2, AP50 = 0.3 },
            ["raccoon"] = some with { AP = 0.9, AP50 = 1.0 },
            ["thermal"] = some with { AP = 0.4, AP50 = 0.5 },
            ["vehicles"] = some with { AP = 0.5, AP50 = 0.6 },
        });

        Assert.Equal([0.5, 0.6, 0.45], [suite.AverageAP, suite.AverageAP50, suite.MedianAP], (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void A_data_set_with_nothing_to_find_is_named()
    {
        var (truth, _) = RandomDetections.Make(1);
        var nothing = CocoEvaluator.Evaluate(truth with { Boxes = [] }, []);

        Assert.StartsWith("Nothing is to be found in empty", Assert.Throws<ArgumentException>(() => new DatasetSuite(new Dictionary<string, CocoMetrics> { ["empty"] = nothing })).Message);
        Assert.Throws<ArgumentException>(() => new DatasetSuite(new Dictionary<string, CocoMetrics>()));
    }
}
