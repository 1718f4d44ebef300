using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public class DetClipTrainerOptionsTests
{
    [Fact]
    public void Defaults_are_the_papers()
    {
        var options = new DetClipTrainer.Options();

        Assert.Equal("swin-t", options.Network.Variant);
        Assert.Equal(12, options.Epochs);
        Assert.Equal(2.8e-4, options.LearningRate);
        Assert.Equal(0.1, options.TextRateFactor);
        Assert.Equal(0.05, options.WeightDecay);
        Assert.Equal(1000, options.WarmupSteps);
        Assert.Equal((2, 1), (options.BoxWeight, options.CenternessWeight));
        Assert.Equal(new() { BatchSize = 128, Weight = 1, SmallestShortSide = 480, ShortSide = 800, LongSide = 1333, ConceptsPerImage = 150, FlipProbability = 0.5 }, options.Detection);
        Assert.Equal(options.Detection with { ConceptsPerImage = 100 }, options.Grounding);
        Assert.Equal(new() { BatchSize = 6144, Weight = 1, SmallestShortSide = 320, ShortSide = 320, LongSide = 320, ConceptsPerImage = 100, FlipProbability = 0.5 }, options.Pairs);
        Assert.Equal((0.01, Environment.ProcessorCount, "Caption", "Kind"), (options.MaxBrokenShare, options.LoadingThreads, options.CaptionColumnName, options.KindColumnName));
        Assert.Equal((0, 0), (options.Concepts.Concepts.Count, options.Definitions.Concepts.Count));
        Assert.Same(options, options.Checked());
        Assert.Same(DetClipTrainer.Options.Nano, DetClipTrainer.Options.Nano.Checked());
    }

    [Fact]
    public void Every_bad_setting_is_named_at_once()
    {
        var bad = new DetClipTrainer.Options
        {
            ImageColumnName = " ", Epochs = 0, LearningRate = double.NaN, TextRateFactor = 2, WarmupSteps = -1,
            AverageDecay = 1, BatchesAhead = 0, LoadingThreads = 0, MaxBrokenShare = 1.5, EpochsPerValidation = 0,
            Detection = new() { BatchSize = 0, SmallestShortSide = 900, LongSide = 700, FlipProbability = -0.5 },
            Grounding = new() { ConceptsPerImage = 0 },
            Pairs = new() { Weight = -1 },
            Network = DetClipVariants.Nano with { Text = DetClipVariants.Nano.Text with { Vocabulary = 100 } },
        };

        var message = Assert.Throws<ArgumentException>(() => bad.Checked()).Message;

        Assert.Equal(
            "ImageColumnName is ' ', allowed: a name that is not blank; Epochs is 0, allowed: a positive number; Detection.BatchSize is 0, allowed: 1 or more; " +
            "Detection.ShortSide is 800, allowed: SmallestShortSide (900) or more; Detection.LongSide is 700, allowed: ShortSide (800) or more; " +
            "Detection.FlipProbability is -0.5, allowed: 0 to 1; Grounding.ConceptsPerImage is 0, allowed: 1 or more; Pairs.Weight is -1, allowed: 0 to 1000; " +
            "LearningRate is NaN, allowed: a positive number; TextRateFactor is 2, allowed: 0 to 1; WarmupSteps is -1, allowed: 0 or more; " +
            "AverageDecay is 1, allowed: 0 to below 1; BatchesAhead is 0, allowed: 1 to 64; LoadingThreads is 0, allowed: 1 to 1024; MaxBrokenShare is 1.5, allowed: 0 to 1; EpochsPerValidation is 0, allowed: a positive number; " +
            "Network.Text.Vocabulary is 100, allowed: 514 or more, for 256 bytes that may end a word, and two marks.", message);
    }

    [Fact]
    public void Bad_settings_of_the_run_are_named_too()
    {
        var bad = new DetClipTrainer.Options
        {
            Schedule = RateSchedule.Step, Milestones = [], MilestoneFactor = 0, PlateauPatience = -1, PlateauFactor = 2, MinLearningRate = -1, EarlyStoppingPatience = -2,
            AccumulationSteps = 0, Freeze = [""], Precision = (TrainingPrecision)9, RunFolder = "", StepsPerCheckpoint = 0, WordRegion = new() { Temperature = 0 },
        };

        var message = Assert.Throws<ArgumentException>(() => bad.Checked()).Message;

        Assert.Equal(
            "Milestones is '[]', allowed: at least one where Schedule is Step; MilestoneFactor is 0, allowed: above 0, at most 1; PlateauPatience is -1, allowed: 0 or more; " +
            "PlateauFactor is 2, allowed: above 0, at most 1; MinLearningRate is -1, allowed: 0 or more; EarlyStoppingPatience is -2, allowed: 0 or more; " +
            "AccumulationSteps is 0, allowed: 1 or more; Freeze is 'a list with a blank name', allowed: names or patterns of parameters; " +
            "Precision is 9, allowed: Float32, BFloat16, Float16; RunFolder is '', allowed: a path, or null; StepsPerCheckpoint is 0, allowed: 1 or more; " +
            "WordRegion.Temperature is 0, allowed: a positive number.", message);
        Assert.Contains("rising", Assert.Throws<ArgumentException>(() => new DetClipTrainer.Options { Milestones = [11, 8] }.Checked()).Message);
    }

    [Theory]
    [InlineData(ProposalScore.Foreground)]
    [InlineData(ProposalScore.PredictedIoU)]
    public void A_proposal_score_that_the_head_does_not_give_is_refused_before_training(ProposalScore score)
    {
        var options = DetClipTrainer.Options.Nano with { WordRegion = new() { ProposalScore = score } };
        var head = options.Network.Head with { Foreground = true, PredictedIoU = true };

        Assert.Contains($"WordRegion.ProposalScore is {score}, allowed where Network.Head.{score} is true", Assert.Throws<ArgumentException>(() => options.Checked()).Message);
        (options with { Network = options.Network with { Head = head } }).Checked();
        (options with { Pairs = options.Pairs with { Weight = 0 } }).Checked();
    }

    [Fact]
    public void Plateaus_and_early_stopping_need_a_validation_set()
    {
        var context = new MLContext();
        var trainer = context.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with { EarlyStoppingPatience = 8 });
        var data = context.Data.LoadFromEnumerable(Tiny.Samples(1).Select(SampleRow.Of));

        Assert.Contains("no rows to validate on", Assert.Throws<ArgumentException>(() => trainer.Fit(data)).Message);
    }
}
