namespace Microsoft.ML.DetClip.Training.Tests;

public class PlateauWatchTests
{
    [Fact]
    public void The_papers_recipe_lowers_the_rate_after_5_without_a_gain_and_stops_after_8()
    {
        var watch = new PlateauWatch(plateauPatience: 5, plateauFactor: 0.1, smallestFactor: 1e-8 / 4e-5, stoppingPatience: 8);
        Assert.True(watch.Add(0.3));

        var course = Enumerable.Range(0, 8).Select(_ => { Assert.False(watch.Add(0.3)); return (watch.Factor, watch.ShouldStop); }).ToArray();

        Assert.Equal([1, 1, 1, 1, 0.1, 0.1, 0.1, 0.1], course.Select(c => c.Factor));
        Assert.Equal([false, false, false, false, false, false, false, true], course.Select(c => c.ShouldStop));
    }

    [Fact]
    public void A_gain_begins_the_count_anew_but_the_rate_stays_low()
    {
        var watch = new PlateauWatch(2, 0.5, 0, stoppingPatience: 3);
        double[] values = [0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.3, 0.3];

        foreach (var value in values) watch.Add(value);

        Assert.Equal(0.25, watch.Factor);
        Assert.Equal(0.3, watch.State.Best);
        Assert.False(watch.ShouldStop);
    }

    [Fact]
    public void The_rate_never_falls_below_the_smallest()
    {
        var watch = new PlateauWatch(1, 0.1, smallestFactor: 0.05, stoppingPatience: 0);

        for (var i = 0; i < 10; i++) watch.Add(0);

        Assert.Equal(0.05, watch.Factor);
        Assert.False(watch.ShouldStop);
    }

    [Fact]
    public void What_is_not_measured_is_no_gain()
    {
        var watch = new PlateauWatch(0, 0.1, 0, stoppingPatience: 2);

        Assert.False(watch.Add(double.NaN));
        Assert.True(watch.Add(-1));
        Assert.False(watch.Add(double.NaN));
        Assert.False(watch.ShouldStop);
        Assert.Equal(1, watch.Factor);
    }
}
