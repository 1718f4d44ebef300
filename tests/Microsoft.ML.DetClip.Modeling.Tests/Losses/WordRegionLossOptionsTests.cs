namespace Microsoft.ML.DetClip.Modeling.Tests;

public class WordRegionLossOptionsTests
{
    [Fact]
    public void Defaults_are_the_papers()
    {
        var options = new WordRegionLossOptions();
        Assert.Equal(ProposalScore.BatchText, options.ProposalScore);
        Assert.Equal(100, options.Proposals);
        Assert.Equal(0.6, options.ProposalIouThreshold);
        Assert.Equal(WordRegionMatching.OneToOne, options.Matching);
        Assert.Equal(1, options.MatchingTemperature);
        Assert.Equal(ConceptAggregation.Mean, options.Aggregation);
        Assert.Equal(ContrastDirection.TextToImage, options.Direction);
        Assert.Equal(ContrastCandidates.Retrieved, options.Candidates);
        Assert.Equal(0.5, options.Temperature);
        Assert.False(options.LearnTemperature);
        Assert.Equal(0.1, options.LabelSmoothing);
        Assert.Equal(0.1, options.Weight);
        Assert.Equal(1 << 24, options.BlockElements);
        Assert.Same(options, options.Checked());
    }

    [Fact]
    public void All_bad_settings_are_named_at_once()
    {
        var options = new WordRegionLossOptions
        {
            ProposalScore = (ProposalScore)9, Proposals = 0, ProposalIouThreshold = 1.5, Matching = (WordRegionMatching)9, MatchingTemperature = 0,
            Aggregation = (ConceptAggregation)9, Direction = (ContrastDirection)9, Candidates = (ContrastCandidates)9, Temperature = double.NaN,
            LabelSmoothing = 1, Weight = -1, BlockElements = 0,
        };

        var failure = Assert.Throws<ArgumentException>(() => new WordRegionLoss(options));

        Assert.Equal(
            """
            ProposalScore is 9, allowed: BatchText, OwnText, BatchTextTimesCenterness, Centerness, Foreground, PredictedIoU
            Matching is 9, allowed: OneToOne, OneToMany, LargestBox
            Aggregation is 9, allowed: Mean, Sum
            Direction is 9, allowed: TextToImage, ImageToText, Both
            Candidates is 9, allowed: Retrieved, Images, Texts
            Proposals is 0, allowed: 1 or more
            ProposalIouThreshold is 1.5, allowed: 0 to 1
            MatchingTemperature is 0, allowed: a positive number
            Temperature is NaN, allowed: a positive number
            LabelSmoothing is 1, allowed: 0 to below 1
            Weight is -1, allowed: 0 or more
            BlockElements is 0, allowed: 1 or more.
            """,
            failure.Message.Replace("; ", "\n"));
    }
}
