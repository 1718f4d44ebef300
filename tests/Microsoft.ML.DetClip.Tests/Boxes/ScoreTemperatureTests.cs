namespace Microsoft.ML.DetClip.Tests;

public class ScoreTemperatureTests
{
    [Fact]
    public void One_changes_nothing_and_the_ends_stay()
    {
        Assert.All(new[] { 0f, 1e-30f, 0.3f, 0.5f, 1f }, score => Assert.Equal(score, ScoreTemperature.Apply(score, 1)));
        Assert.Equal([0f, 0.5f, 1f], new[] { 0f, 0.5f, 1f }.Select(score => ScoreTemperature.Apply(score, 3)));
    }

    [Theory]
    [InlineData(0.8f, 2, 0.6666667f)] // odds 4, their root 2
    [InlineData(0.8f, 0.5, 0.9411765f)] // odds 16
    public void Logits_are_divided(float score, double temperature, float expected) => Assert.Equal(expected, ScoreTemperature.Apply(score, temperature), 1e-6f);

    [Theory]
    [InlineData(0.4)]
    [InlineData(3)]
    public void Order_is_kept_and_undone(double temperature)
    {
        var scores = Enumerable.Range(10, 971).Select(i => i / 1000f).ToArray(); // nearer to 1 a low temperature leaves a float no room
        var applied = Array.ConvertAll(scores, score => ScoreTemperature.Apply(score, temperature));

        Assert.Equal(applied.Order(), applied);
        Assert.All(scores.Zip(applied), pair => Assert.Equal(pair.First, ScoreTemperature.Undo(pair.Second, temperature), 2e-4f));
    }

    [Fact]
    public void A_detector_gives_the_same_boxes_at_every_temperature()
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 1);
        var path = new ToyImage(120, 80, (ToyImage.Red, new(10, 20, 50, 60)), (ToyImage.Green, new(70, 20, 110, 60))).Save(folder);
        var data = mlContext.Data.LoadFromEnumerable([new PathRow { Image = path }]);
        using var detector = mlContext.Fit(Toy.Options, data);
        using var cool = detector.WithOptions(Toy.Options with { Temperature = 4 });
        using var cut = detector.WithOptions(Toy.Options with { Temperature = 4, ScoreThreshold = 0.66f });

        var (plain, cooled) = (mlContext.Rows(detector.Transform(data))[0], mlContext.Rows(cool.Transform(data))[0]);

        Assert.Equal(plain.PredictedBoundingBoxes, cooled.PredictedBoundingBoxes);
        Assert.Equal(plain.Score.Select(score => ScoreTemperature.Apply(score, 4)), cooled.Score); // 0.676 and 0.656
        Assert.Equal(["red"], mlContext.Rows(cut.Transform(data))[0].PredictedLabel);
    }
}
