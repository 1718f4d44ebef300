using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>The recipes of eng/runs against the paper's tables 9, 10 and 11.</summary>
public class PublishedRecipesTests
{
    public static TheoryData<string> All => [.. Directory.GetFiles(RepositoryFiles.Path("eng", "runs"), "*.json").Select(p => Path.GetFileNameWithoutExtension(p)).Order()];

    [Theory]
    [MemberData(nameof(All))]
    public void Each_is_understood_whole_and_says_how_it_is_run(string name)
    {
        var recipe = Recipe(name);

        recipe.Options.Checked();
        foreach (var source in recipe.Data.Concat(recipe.Validation).Concat(recipe.Replay).Concat(recipe.Held)) DataSource.Parse(source);
        Assert.Contains($"detclip train --recipe eng/runs/{name}.json", File.ReadAllText(RepositoryFiles.Path("eng", "runs", $"{name}.json")));
    }

    [Theory]
    [InlineData("swin-t-paper", 96, 128, 2.8e-4)]
    [InlineData("swin-l-paper", 192, 256, 4e-4)]
    public void Pre_training_is_that_of_table_9(string name, int channels, int batch, double rate)
    {
        var options = Recipe(name).Options;

        Assert.Equal((channels, 0.2, 16), (options.Network.Backbone.Channels, options.Network.Backbone.DropPath, options.Network.Text.Length));
        Assert.Equal((12, 0.05, 1000, RateSchedule.Cosine), (options.Epochs, options.WeightDecay, options.WarmupSteps, options.Schedule));
        Assert.Equal((rate, 0.1), (options.LearningRate, options.TextRateFactor));
        Assert.InRange(options.LearningRate / (1e-4 * Math.Sqrt(batch / 16.0)), 0.98, 1.02); // its rule, to the digits it prints
        foreach (var boxes in new[] { options.Detection, options.Grounding }) Assert.Equal((batch, 800, 1333), (boxes.BatchSize, boxes.ShortSide, boxes.LongSide));
        Assert.Equal((6144, 320, 320), (options.Pairs.BatchSize, options.Pairs.ShortSide, options.Pairs.LongSide));
        Assert.Equal((150, 100), (options.Detection.ConceptsPerImage, options.Grounding.ConceptsPerImage));
        Assert.Equal((2, 1, 0.1), (options.BoxWeight, options.CenternessWeight, options.WordRegion.Weight));
        Assert.Equal((0.5, 0.1, 100), (options.WordRegion.Temperature, options.WordRegion.LabelSmoothing, options.WordRegion.Proposals));
        Assert.Equal((ProposalScore.BatchText, WordRegionMatching.OneToOne, ContrastDirection.TextToImage), (options.WordRegion.ProposalScore, options.WordRegion.Matching, options.WordRegion.Direction));
        Assert.Equal((TrainingPrecision.Float16, true), (options.Precision, options.RecomputeActivations));
    }

    [Fact]
    public void Fine_tuning_on_LVIS_is_that_of_table_10()
    {
        var options = Recipe("fine-tune-lvis").Options;

        Assert.Equal((24, 64, 150), (options.Epochs, options.Detection.BatchSize, options.Detection.ConceptsPerImage));
        Assert.Equal(4e-5, options.LearningRate);
        Assert.Equal(4e-6, options.LearningRate * options.TextRateFactor, 1e-12);
        Assert.Equal((0.05, 1000, RateSchedule.Cosine), (options.WeightDecay, options.WarmupSteps, options.Schedule));
        Assert.Equal((800, 1333), (options.Detection.ShortSide, options.Detection.LongSide));
    }

    [Fact]
    public void Fine_tuning_on_ODinW_is_that_of_table_11()
    {
        var options = Recipe("fine-tune-odinw").Options;

        Assert.Equal((250, 32, 500), (options.Epochs, options.Detection.BatchSize, options.WarmupSteps));
        Assert.Equal(4e-5, options.LearningRate);
        Assert.Equal(4e-7, options.LearningRate * options.TextRateFactor, 1e-12);
        Assert.Equal((5, 0.1, 8, 1e-8), (options.PlateauPatience, options.PlateauFactor, options.EarlyStoppingPatience, options.MinLearningRate));
        Assert.Equal((0.05, RateSchedule.Constant), (options.WeightDecay, options.Schedule));
    }

    [Fact]
    public void The_small_one_learns_from_all_kinds_of_data_and_is_measured() =>
        Assert.Equal(["coco", "coco-grounding", "coco-captions", "coco"],
            Recipe("nano-hybrid").Data.Concat(Recipe("nano-hybrid").Validation).Select(source => DataSource.Parse(source).Format.Name));

    private static TrainingRecipe Recipe(string name) => TrainingRecipe.Load(RepositoryFiles.Path("eng", "runs", $"{name}.json"));
}
