namespace Microsoft.ML.DetClip.Evaluation.Tests.Calibration;

public class ThresholdChoiceTests
{
    // Score:      0.9   0.8   0.7    0.6   0.5    0.4   0.3
    // right:      yes   no    yes    yes   no     no    yes
    // precision:  1/1   1/2   2/3    3/4   3/5    3/6   4/7; of 5 objects, F1: 2/6, 2/7, 4/8, 6/9, 6/10, 6/11, 8/12
    private static readonly (float, bool)[] Detections = [(0.5f, false), (0.9f, true), (0.6f, true), (0.8f, false), (0.4f, false), (0.7f, true), (0.3f, true)];

    [Fact]
    public void The_best_F1_of_a_case_worked_by_hand_and_of_equal_ones_the_highest_threshold() =>
        Assert.Equal(new ThresholdChoice(0.55f, 0.75, 0.6, IsReached: true), Rounded(ThresholdChoice.ForBestF1(Detections, 5, 0.05f)));

    [Theory]
    [InlineData(0.9, 0.85f, 1, 0.2, true)]
    [InlineData(0.75, 0.55f, 0.75, 0.6, true)]
    [InlineData(0.7, 0.55f, 0.75, 0.6, true)]
    [InlineData(0.55, 0.175f, 0.5714, 0.8, true)] // the lowest cut has 4/7, and finds most
    [InlineData(0.01, 0.175f, 0.5714, 0.8, true)]
    public void A_precision_is_reached_at_the_threshold_that_finds_most(double target, float threshold, double precision, double recall, bool isReached) =>
        Assert.Equal(new ThresholdChoice(threshold, precision, recall, isReached), Rounded(ThresholdChoice.ForPrecision(Detections, 5, 0.05f, target)));

    [Fact]
    public void A_precision_out_of_reach_gives_the_best_there_is_and_says_so()
    {
        (float, bool)[] detections = [(0.9f, false), (0.8f, true), (0.7f, true), (0.2f, false)];

        Assert.Equal(new ThresholdChoice(0.45f, 0.6667, 1, IsReached: false), Rounded(ThresholdChoice.ForPrecision(detections, 2, 0.05f, 0.9)));
    }

    [Fact]
    public void Where_nothing_is_right_there_is_no_threshold()
    {
        Assert.Null(ThresholdChoice.ForBestF1([(0.5f, false)], 3, 0).Threshold);
        Assert.Null(ThresholdChoice.ForPrecision([], 3, 0, 0.5).Threshold);
    }

    [Fact]
    public void What_is_promised_is_what_detections_above_the_threshold_give()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            (float Score, bool IsRight)[] detections = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (random.Next(1, 20) / 20f, random.Next(3) > 0))]; // with ties
            var objects = Math.Max(1, detections.Count(d => d.IsRight) + random.Next(3));
            var target = random.NextDouble();

            foreach (var choice in new[] { ThresholdChoice.ForBestF1(detections, objects, 0), ThresholdChoice.ForPrecision(detections, objects, 0, target) })
            {
                if (choice.Threshold is not { } threshold) continue;
                var kept = detections.Where(d => d.Score > threshold).ToArray();
                Assert.Equal(choice.Precision, kept.Average(d => d.IsRight ? 1.0 : 0), 9);
                Assert.Equal(choice.Recall, kept.Count(d => d.IsRight) / (double)objects, 9);
            }
            CheckAgainstEveryThreshold(detections, objects, target);
        }
    }

    // Slow and plain: each score as a threshold, and one below all.
    private static void CheckAgainstEveryThreshold((float Score, bool IsRight)[] detections, int objects, double target)
    {
        var all = detections.Select(d => d.Score).Append(0).Select(t => detections.Where(d => d.Score > t).ToArray()).Where(kept => kept.Any(d => d.IsRight)).ToArray();
        if (all.Length == 0) return;
        var best = ThresholdChoice.ForBestF1(detections, objects, 0);
        var precise = ThresholdChoice.ForPrecision(detections, objects, 0, target);

        Assert.Equal(all.Max(kept => 2.0 * kept.Count(d => d.IsRight) / (kept.Length + objects)), 2 * best.Precision * best.Recall / (best.Precision + best.Recall), 9);
        var enough = all.Where(kept => kept.Count(d => d.IsRight) >= target * kept.Length).ToArray();
        Assert.Equal(enough.Length > 0, precise.IsReached);
        if (enough.Length > 0) Assert.Equal(enough.Max(kept => kept.Count(d => d.IsRight)) / (double)objects, precise.Recall, 9);
        if (enough.Length > 0) Assert.True(precise.Precision >= target);
    }

    private static ThresholdChoice Rounded(ThresholdChoice choice) =>
        choice with { Threshold = MathF.Round(choice.Threshold!.Value, 4), Precision = Math.Round(choice.Precision, 4), Recall = Math.Round(choice.Recall, 4) };
}
