using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The README's C#, word for word; <see cref="ReadmeTests"/> compares and runs it.</summary>
internal static class ReadmeSnippets
{
    public static (IReadOnlyList<DetectionList> Found, ITransformer Other) Detect(MLContext mlContext, IDataView photos)
    {
        var detector = mlContext.Transforms.DetectOpenVocabulary("detector", labels: ["mug", "red car"]).Fit(photos);
        var found = detector.Transform(photos).GetColumn<DetectionList>("Detections");                 // label, score, box in pixels of the original image
        var other = detector.WithVocabulary(["zebra", new Concept("bass", "a low-frequency drum")]);   // the same network, other names
        return ([.. found], other);
    }

    public static void TrainAndSave(MLContext mlContext)
    {
        var images = mlContext.Data.LoadCoco("annotations.json", "images");
        var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with { ImageColumnName = "ImagePath", Epochs = 1 });
        var model = trainer.Fit(images);
        mlContext.Model.Save(model, images.Schema, "detector.zip");
    }

    public static Found LoadAndPredict(MLContext mlContext)
    {
        var model = mlContext.Model.Load("detector.zip", out _).WithVocabulary(["red star", "blue ring"]);
        var engine = mlContext.Model.CreatePredictionEngine<Photo, Found>(model);
        var found = engine.Predict(new Photo { ImagePath = "photo.jpg" });
        return found;
    }
}

public sealed class Photo
{
    public string ImagePath { get; set; } = "";
}

public sealed class Found
{
    public string[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];

    public float[] PredictedBoundingBoxes { get; set; } = []; // x0, y0, x1, y1 of each
}
