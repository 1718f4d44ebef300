using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Testing;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What eng/docs/labelling-and-fine-tuning.md shows compiles and runs.</summary>
[Collection(PageSnippets.CurrentFolder)]
public sealed class LabellingPageTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-labelling").FullName;

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_snippet_is_one_that_is_compiled() =>
        PageSnippets.AssertCompiled(File.ReadAllText(RepositoryFiles.Path("eng", "docs", "labelling-and-fine-tuning.md")), "LabellingSnippets.cs");

    [Fact]
    public void The_snippets_run_one_after_the_other()
    {
        Directory.SetCurrentDirectory(_folder);
        SaveDataSet();
        var mlContext = new MLContext(seed: 1);
        var images = mlContext.Data.LoadCoco("annotations.json", "photos");
        var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with { ImageColumnName = "ImagePath", Epochs = 1, RunFolder = "base", SamplePictures = 0 });
        using var model = trainer.Fit(images);
        mlContext.Model.Save(model, images.Schema, "base.zip");

        LabellingSnippets.Label(mlContext, model);
        LabellingSnippets.Calibrate(mlContext, model, images);
        LabellingSnippets.FineTune(mlContext, images, images);
        using var withMugs = LabellingSnippets.LoadDelta(mlContext, mlContext.Data.LoadFromEnumerable([new { Image = "photos/a.png" }]));

        Assert.Single(DatasetFormat.Named("vott").Read("photos/labels.json"));
        Assert.Equal(["mug"], withMugs.Delta!.Sentences);
        Assert.NotNull(mlContext.Model.Load("calibrated.zip", out _));
    }

    private static void SaveDataSet()
    {
        Directory.CreateDirectory("photos");
        using (var image = MLImage.CreateFromPixels(96, 64, MLPixelFormat.Bgra32, [.. Enumerable.Range(0, 96 * 64 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : 5 * i))]))
            image.Save(Path.Combine("photos", "a.png"));
        var sample = new DetectionSample { ImageId = 1, ImagePath = Path.Combine("photos", "a.png"), Width = 96, Height = 64, Boxes = [new(8, 8, 48, 48)], Labels = ["mug"], IsCrowd = [false] };
        CocoWriter.Write("annotations.json", [sample], [new(1, "mug")], "photos");
    }
}
