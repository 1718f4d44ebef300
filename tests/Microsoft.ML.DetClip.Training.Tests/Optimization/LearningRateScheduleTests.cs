namespace Microsoft.ML.DetClip.Training.Tests;

public class LearningRateScheduleTests
{
    [Fact]
    public void Rate_rises_in_a_line_then_falls_as_a_cosine_to_almost_nothing()
    {
        var schedule = new LearningRateSchedule(WarmupSteps: 4, TotalSteps: 104);
        var factors = Enumerable.Range(0, 104).Select(step => schedule.FactorAt(step)).ToArray();

        Assert.Equal([0.2, 0.4, 0.6, 0.8, 1], factors.Take(5).Select(f => Math.Round(f, 9)));
        Assert.Equal(0.5, factors[54], 9);
        Assert.Equal(factors.Skip(4).OrderDescending(), factors.Skip(4));
        Assert.InRange(factors[^1], 1e-6, 1e-3);
    }

    [Fact]
    public void A_run_shorter_than_its_warm_up_only_rises() =>
        Assert.All(Enumerable.Range(0, 3), step => Assert.Equal((step + 1) / 4.0, new LearningRateSchedule(WarmupSteps: 1000, TotalSteps: 3).FactorAt(step)));
}
