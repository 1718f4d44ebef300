namespace Microsoft.ML.DetClip.Tests;

public sealed class GroupSuppressionTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The toy takes each for red; shorter names score higher.
    [Theory]
    [InlineData(NmsScope.Class, new[] { "red", "ruby", "rowan", "rosered" })]
    [InlineData(NmsScope.Group, new[] { "red", "ruby", "rowan" })]
    [InlineData(NmsScope.All, new[] { "red" })]
    public void Synonyms_suppress_one_another(NmsScope scope, string[] expected)
    {
        Concept[] labels = ["red", new("rosered") { Group = " Gems" }, new("ruby") { Group = "gems" }, new("rowan") { Group = "trees" }];

        Assert.Equal(expected, Labels(new() { Labels = labels, NmsScope = scope }));
    }

    [Fact]
    public void A_weakened_score_must_still_be_above_its_concepts_own_threshold()
    {
        Concept[] labels = ["red", new("ruby") { Threshold = 0.5f }, "rowan"];

        Assert.Equal(["red", "rowan"], Labels(new() { Labels = labels, NmsScope = NmsScope.All, NmsKind = NmsKind.SoftGaussian, SoftNmsSigma = 1 }));
    }

    [Fact]
    public void Boxes_smaller_than_the_least_size_are_left_out()
    {
        Assert.Equal(["red", "ruby"], Labels(new() { Labels = ["red", "ruby"], MinSize = 49 }));
        Assert.Empty(Labels(new() { Labels = ["red", "ruby"], MinSize = 51 }));
    }

    private string[] Labels(OpenVocabularyDetectionEstimator.Options options)
    {
        var data = _mlContext.Data.LoadFromEnumerable([new PathRow { Image = ToyImage.WithRed(120, 100, new(10, 20, 60, 80)).Save(_folder) }]);
        using var detector = _mlContext.Fit(options, data);
        return Assert.Single(_mlContext.Rows(detector.Transform(data))).PredictedLabel;
    }
}
