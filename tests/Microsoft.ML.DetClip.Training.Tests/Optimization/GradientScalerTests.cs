namespace Microsoft.ML.DetClip.Training.Tests;

public class GradientScalerTests
{
    [Fact]
    public void The_scale_grows_after_an_interval_of_finite_steps_and_shrinks_at_once()
    {
        var scaler = new GradientScaler { GrowthInterval = 3 };
        bool[] finite = [true, true, true, true, true, false, true, true, true];

        var scales = finite.Select(f => { scaler.Update(f); return scaler.Scale; });

        Assert.Equal([65536, 65536, 131072, 131072, 131072, 65536, 65536, 65536, 131072], scales);
    }

    [Fact]
    public void It_goes_on_from_where_another_stood()
    {
        var (one, other) = (new GradientScaler { GrowthInterval = 3 }, new GradientScaler { GrowthInterval = 3 });
        one.Update(false);
        one.Update(true);
        one.Update(true);

        other.Restore(one.Scale, one.FiniteSteps);
        one.Update(true);
        other.Update(true);

        Assert.Equal(65536, other.Scale);
        Assert.Equal((one.Scale, one.FiniteSteps), (other.Scale, other.FiniteSteps));
    }
}
