using Microsoft.ML.Data;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ExplainTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly MLImage _image = new ToyImage(120, 100, (ToyImage.Red, new(10, 20, 60, 80)), (ToyImage.Green, new(70, 30, 110, 90))).ToMLImage();

    public void Dispose()
    {
        _image.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Regions")]
    public void What_is_found_is_told(string? regionsColumn)
    {
        using var detector = Fit(Toy.Options with { RegionsColumnName = regionsColumn, ScoreThreshold = 0.3f });

        var explanation = detector.Explain(_image, " RED");

        Assert.Equal(("red", true), (explanation.Label, explanation.IsInVocabulary));
        Assert.Equal([CandidateOutcome.Detected, CandidateOutcome.BelowThreshold], explanation.Candidates.Select(c => c.Outcome));
        Assert.Equal("green", explanation.Candidates[1].OtherLabel);
        Assert.True(explanation.Candidates[1].OtherScore > 0.8f);
        Assert.Equal(0, explanation.NearestCosine);
    }

    [Fact]
    public void A_name_outside_the_vocabulary_is_looked_for_too()
    {
        using var detector = Fit(Toy.Options with { Labels = ["red", "blue"], ScoreThreshold = 0.95f });

        var explanation = detector.Explain(_image, "ruby", count: 1);

        Assert.False(explanation.IsInVocabulary);
        var candidate = Assert.Single(explanation.Candidates);
        Assert.Equal(CandidateOutcome.BelowThreshold, candidate.Outcome);
        Assert.Equal(("red", 1f), (explanation.NearestLabel, MathF.Round(explanation.NearestCosine, 4)));
        Assert.Equal(FormattableString.Invariant($"'ruby': not found; its best score {candidate.Score:0.###} is not above the threshold 0.95. It is not in the vocabulary, and was looked for in addition. ") +
            "The most similar other concept is 'red' (cosine 1.00)." + Environment.NewLine +
            FormattableString.Invariant($"  {candidate.Score:0.000} at 10,20 to 60,80: not above the score threshold; 'red' scores {candidate.OtherScore:0.000} here"), explanation.ToString());
    }

    [Fact]
    public void What_suppressed_a_candidate_is_named()
    {
        using var detector = Fit(Toy.Options with { Labels = ["red", "rose"], NmsScope = NmsScope.All });

        var candidate = detector.Explain(_image, "rose").Candidates[0];

        Assert.Equal((CandidateOutcome.Suppressed, "red", 1f), (candidate.Outcome, candidate.By!.Label, candidate.IoU));
        Assert.Contains("suppressed by 'red' 0.", candidate.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_negative_and_a_threshold_of_its_own_are_told()
    {
        using var detector = Fit(Toy.Options with { Labels = [new("rose") { Negatives = ["red"] }, new("green") { Threshold = 0.99f }], Temperature = 3 });

        Assert.Equal(CandidateOutcome.Negative, detector.Explain(_image, "rose").Candidates[0].Outcome);
        var green = detector.Explain(_image, "green");
        Assert.Equal((0.99f, CandidateOutcome.BelowThreshold), (green.ScoreThreshold, green.Candidates[0].Outcome));
    }

    [Fact]
    public void A_more_special_name_stands_in_the_place_of_a_general_one()
    {
        using var detector = Fit(Toy.Options with { Labels = ["rose", new("red") { Parent = "rose" }] });

        var candidate = detector.Explain(_image, "rose").Candidates[0];

        Assert.Equal((CandidateOutcome.Suppressed, "red"), (candidate.Outcome, candidate.By!.Label));
    }

    [Fact]
    public void A_small_box_and_one_too_many_are_told_apart()
    {
        using var detector = Fit(Toy.Options with { MinSize = 45 });
        using var one = detector.WithOptions(Toy.Options with { MaxDetections = 1 });

        Assert.Equal(CandidateOutcome.TooSmall, detector.Explain(_image, "green").Candidates[0].Outcome);
        Assert.Equal([CandidateOutcome.BeyondLimit, CandidateOutcome.Detected], ((string[])["red", "green"]).Select(label => one.Explain(_image, label).Candidates[0].Outcome).Order().Reverse());
    }

    [Fact]
    public void Parts_that_tiles_cut_are_told_with_the_object_that_they_became()
    {
        using var detector = Fit(Toy.Options with { Tiles = new() { Size = 200, WholeImage = false } });
        using var image = ToyImage.WithRed(600, 150, new(100, 50, 500, 140)).ToMLImage();

        var candidates = detector.Explain(image, "red").Candidates;

        Assert.True(candidates.Count > 1);
        Assert.All(candidates, c => Assert.Equal((CandidateOutcome.Joined, "red"), (c.Outcome, c.By!.Label)));
    }

    [Fact]
    public void Bad_questions_are_refused()
    {
        using var detector = Fit(Toy.Options);

        Assert.Throws<ArgumentException>(() => detector.Explain(_image, " "));
        Assert.Throws<ArgumentOutOfRangeException>(() => detector.Explain(_image, "red", 0));
    }

    private OpenVocabularyDetectionTransformer Fit(OpenVocabularyDetectionEstimator.Options options) =>
        _mlContext.Fit(options, _mlContext.Data.LoadFromEnumerable([new PathRow()]), ToyDetector.WithRegions);
}
