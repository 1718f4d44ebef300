namespace Microsoft.ML.DetClip.Evaluation.Tests.Calibration;

public class TemperatureFitTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void It_finds_the_temperature_that_made_the_data(double temperature) =>
        Assert.InRange(TemperatureFit.Find(Simulated.Detections(20_000, temperature, seed: 1)), 0.9 * temperature, 1.1 * temperature);

    [Fact]
    public void No_other_temperature_is_likelier()
    {
        var detections = Simulated.Detections(300, temperature: 1.6, seed: 2);
        var best = TemperatureFit.Find(detections);

        Assert.All(new[] { 0.3, 0.7, 0.9, 0.99, 1.01, 1.1, 1.5, 3 }, factor => Assert.True(CrossEntropy(detections, best) <= CrossEntropy(detections, factor * best) + 1e-6));
    }

    [Fact]
    public void A_case_worked_by_hand()
    {
        // All scores 0.8 (logit ln 4), 2 of 3 right (logit ln 2): temperature ln 4 / ln 2 = 2.
        Assert.Equal(2, TemperatureFit.Find([(0.8f, true), (0.8f, true), (0.8f, false)]), 5);
        Assert.Equal(1, TemperatureFit.Find([]));
    }

    [Fact]
    public void Where_scores_say_nothing_it_stays_in_its_range()
    {
        Assert.Equal(TemperatureFit.Largest, TemperatureFit.Find([(0.9f, false), (0.1f, true)]), 3); // worse than a coin
        Assert.Equal(1 / TemperatureFit.Largest, TemperatureFit.Find([(0.9f, true), (0.1f, false)]), 3); // never wrong
        Assert.True(double.IsFinite(TemperatureFit.Find([(1, true), (0, false), (1, false)])));
    }

    private static double CrossEntropy(IReadOnlyList<(float Score, bool IsRight)> detections, double temperature) => -detections.Sum(d =>
    {
        var logit = Math.Log(d.Score / (1.0 - d.Score)) / temperature;
        return Math.Log(1 / (1 + Math.Exp(d.IsRight ? -logit : logit)));
    });
}
