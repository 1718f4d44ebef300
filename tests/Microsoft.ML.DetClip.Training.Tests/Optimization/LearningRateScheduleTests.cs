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

    [Fact]
    public void Milestones_multiply_the_rate_after_its_rise()
    {
        var schedule = new LearningRateSchedule(WarmupSteps: 2, TotalSteps: 10) { Shape = RateSchedule.Step, Milestones = [4, 8], MilestoneFactor = 0.5 };

        Assert.Equal([1 / 3.0, 2 / 3.0, 1, 1, 0.5, 0.5, 0.5, 0.5, 0.25, 0.25], Enumerable.Range(0, 10).Select(step => schedule.FactorAt(step)));
    }

    [Fact]
    public void A_constant_rate_stays_at_its_peak()
    {
        var schedule = new LearningRateSchedule(WarmupSteps: 1, TotalSteps: 5) { Shape = RateSchedule.Constant };

        Assert.Equal([0.5, 1, 1, 1, 1], Enumerable.Range(0, 5).Select(step => schedule.FactorAt(step)));
    }

    [Fact]
    public void Milestones_of_a_run_are_told_in_epochs()
    {
        var options = new DetClipTrainer.Options { Epochs = 12, Schedule = RateSchedule.Step, Milestones = [8, 11], MilestoneFactor = 0.1 };

        var schedule = LearningRateSchedule.Of(options, totalSteps: 1200);

        Assert.Equal([800L, 1100], schedule.Milestones);
    }
}
