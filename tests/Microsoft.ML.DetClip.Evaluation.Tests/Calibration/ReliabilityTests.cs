namespace Microsoft.ML.DetClip.Evaluation.Tests.Calibration;

public class ReliabilityTests
{
    [Fact]
    public void The_error_of_a_case_worked_by_hand()
    {
        // Bins of width 0.5. [0, 0.5): scores 0.2, 0.4; none right: |0.3 − 0| = 0.3. [0.5, 1]: 0.5, 0.9, 1; two of three right: |0.8 − 2/3| = 2/15. (2 · 0.3 + 3 · 2/15) / 5 = 0.2.
        (float, bool)[] detections = [(0.2f, false), (0.4f, false), (0.5f, true), (0.9f, false), (1, true)];

        var bins = Reliability.Bins(detections, 2);

        Assert.Equal([2, 3], bins.Select(b => b.Count));
        Assert.Equal([0.3, 0.8], bins.Select(b => Math.Round(b.MeanScore, 6)));
        Assert.Equal([0, 0.666667], bins.Select(b => Math.Round(b.Precision, 6)));
        Assert.Equal([(0, 0.5), (0.5, 1)], bins.Select(b => (b.From, b.To)));
        Assert.Equal(0.2, Reliability.Error(bins), 6);
    }

    [Fact]
    public void Nothing_has_no_error_and_an_oracle_none() => Assert.All(
        [Reliability.Error(Reliability.Bins([], 15)), Reliability.Error(Reliability.Bins([(1, true), (0, false)], 15))], error => Assert.Equal(0, error));

    [Fact]
    public void In_one_bin_it_is_the_difference_of_means()
    {
        var detections = Simulated.Detections(500, temperature: 1.7, seed: 3);

        var error = Reliability.Error(Reliability.Bins(detections, 1));

        Assert.Equal(Math.Abs(detections.Average(d => d.Score) - detections.Average(d => d.IsRight ? 1.0 : 0)), error, 6);
    }

    [Fact]
    public void More_bins_see_no_less_where_they_divide_the_others()
    {
        var detections = Simulated.Detections(500, temperature: 2, seed: 4);

        double Error(int bins) => Reliability.Error(Reliability.Bins(detections, bins));

        Assert.True(Error(5) <= Error(10) + 1e-9 && Error(10) <= Error(30) + 1e-9);
        Assert.InRange(Error(30), 0, 1);
    }
}

/// <summary>Detections that are right as often as sigmoid(logit(score) / temperature) says.</summary>
internal static class Simulated
{
    public static IReadOnlyList<(float Score, bool IsRight)> Detections(int count, double temperature, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var score = (float)(0.06 + 0.92 * random.NextDouble());
            return (score, random.NextDouble() < 1 / (1 + Math.Pow((1.0 - score) / score, 1 / temperature)));
        })];
    }
}
