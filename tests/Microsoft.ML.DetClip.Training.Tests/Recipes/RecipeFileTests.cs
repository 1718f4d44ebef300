using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training.Tests;

public sealed class RecipeFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-recipe").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_recipe_does_not_give_stays_as_it_is()
    {
        var recipe = Load("""{ "Pairs": { "BatchSize": 64 }, "Network": { "Variant": "swin-b", "Head": { "Deformable": false } } }""");

        Assert.Equal(new DetClipTrainer.Options().Pairs with { BatchSize = 64 }, recipe.Options.Pairs);
        Assert.Equal(new DetClipTrainer.Options().Detection, recipe.Options.Detection);
        Assert.Equal(DetClipVariants.SwinBase with { Head = new() { Deformable = false } }, recipe.Options.Network);
        Assert.Equal(new DetClipTrainer.Options() { Pairs = recipe.Options.Pairs, Network = recipe.Options.Network }.ToString(), recipe.Options.ToString());
        Assert.Empty(recipe.Data);
        Assert.True(DetClipVariants.SwinBase.Head.Deformable); // what is copied from is left alone
    }

    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var options = Load("""
            {
              "Epochs": 3, "Seed": 9007199254740993, "MaxGradientNorm": "Infinity", "Schedule": "Step", "Milestones": [1, 2.5], "RecomputeActivations": true, // a comment
              "Freeze": ["backbone", "text"], "CrowdColumnName": null, "ImageColumnName": "Photo",
              "Network": { "Backbone": { "Depths": [1, 1, 2, 1] } },
            }
            """).Options;

        Assert.Equal((3, 9007199254740993, double.PositiveInfinity), (options.Epochs, options.Seed, options.MaxGradientNorm));
        Assert.Equal((RateSchedule.Step, true, null, "Photo"), (options.Schedule, options.RecomputeActivations, options.CrowdColumnName, options.ImageColumnName));
        Assert.Equal([1, 2.5], options.Milestones);
        Assert.Equal(["backbone", "text"], options.Freeze);
        Assert.Equal([1, 1, 2, 1], options.Network.Backbone.Depths);
        Assert.Equal(DetClipVariants.SwinTiny.Backbone.Channels, options.Network.Backbone.Channels);
    }

    [Fact]
    public void Everything_wrong_is_named_at_once_with_its_path_what_it_is_and_what_is_expected()
    {
        var message = Assert.Throws<InvalidDataException>(() => Load("""
            {
              "Epoch": 3, "Detection": { "BatchSiz": 8, "ShortSide": "big" }, "LongSide": 4, "Schedule": "cosine", "Freeze": "backbone", "Milestones": [1, "x"],
              "Network": { "Variant": "swin-x" }, "Pairs": 3, "Epochs": null, "Seed": 1.5, "Resume": 1
            }
            """)).Message;

        Assert.EndsWith("is not understood: " + string.Join("; ",
            "there is no setting 'Epoch'; did you mean 'Epochs'?",
            "there is no setting 'Detection.BatchSiz'; did you mean 'Detection.BatchSize'?",
            "Detection.ShortSide is \"big\", expected a whole number of 32 bits",
            "there is no setting 'LongSide'; did you mean 'Detection.LongSide'?",
            "Schedule is \"cosine\", expected one of Cosine, Step, Constant",
            "Freeze is \"backbone\", expected a list, each a text",
            "Milestones is [1,\"x\"], expected a list, each a number",
            "Network.Variant is \"swin-x\", expected one of nano, swin-t, swin-s, swin-b, swin-l",
            "Pairs is 3, expected settings in braces",
            "Epochs is null, expected a number",
            "Seed is 1.5, expected a whole number of 64 bits",
            "Resume is 1, expected true or false") + ".", message);
    }

    [Theory]
    [InlineData("{ \"Epochs\": 3", "is not JSON: line ")]
    [InlineData("[]", "is no JSON object")]
    [InlineData("{ \"Epochs\": 3, \"Epochs\": 4 }", "Epochs")]
    public void A_file_that_is_no_recipe_is_refused(string text, string problem) => Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Load(text)).Message);

    [Fact]
    public void Changes_come_last_and_go_as_deep_as_they_say()
    {
        var recipe = Load("""{ "Epochs": 3, "Detection": { "BatchSize": 4, "ShortSide": 96 } }""",
            "Detection.BatchSize=8", "Network.Variant=nano", "WordRegion.Temperature = 0.07", "Freeze=[\"text\"]", "Data=[\"coco:a,images=b\"]");

        Assert.Equal((3, 8, 96), (recipe.Options.Epochs, recipe.Options.Detection.BatchSize, recipe.Options.Detection.ShortSide));
        Assert.Equal(DetClipVariants.Nano, recipe.Options.Network);
        Assert.Equal(0.07, recipe.Options.WordRegion.Temperature);
        Assert.Equal(["text"], recipe.Options.Freeze);
        Assert.Equal(["coco:a,images=b"], recipe.Data);
    }

    [Theory]
    [InlineData("Detection.BatchSize", "the form is name=value")]
    [InlineData("=8", "the form is name=value")]
    [InlineData("Epochs.Number=8", "'Epochs' has a value and no parts")]
    [InlineData("Detections.BatchSize=8", "did you mean 'Detection'?")]
    [InlineData("Epochs=many", "Epochs is \"many\", expected a number")]
    public void A_change_that_is_not_understood_says_so(string change, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => Load("""{ "Epochs": 3 }""", change)).Message);

    [Fact]
    public void Files_are_opened_only_when_the_settings_are_asked_for()
    {
        var vocabulary = Path.Combine(_folder, "bpe.txt");
        var recipe = Load("{}", $"Tokenizer={vocabulary}");

        Assert.Throws<FileNotFoundException>(recipe.LoadOptions);
        File.WriteAllText(vocabulary, "header\na b\n");
        Assert.Equal(515, recipe.LoadOptions().Tokenizer!.VocabularySize);
    }

    private TrainingRecipe Load(string text, params string[] changes)
    {
        var path = Path.Combine(_folder, "recipe.json");
        File.WriteAllText(path, text);
        return TrainingRecipe.Load(path, changes);
    }
}
