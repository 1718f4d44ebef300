using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>The C# of eng/docs/labelling-and-fine-tuning.md, word for word; <see cref="LabellingPageTests"/> compares and runs it.</summary>
internal static class LabellingSnippets
{
    public static void Label(MLContext mlContext, ITransformer model)
    {
        var ontology = new LabelOntology(new Dictionary<Concept, string> { ["bike"] = "bicycle", ["racing bicycle"] = "bicycle", ["mug"] = "mug" });
        var labels = mlContext.DetClip().Label(model, "photos", ontology, new() { Review = new(0.2f, 0.5f) });
        labels.Write(DatasetFormat.Named("vott"), "photos/labels.json");
    }

    public static void Calibrate(MLContext mlContext, ITransformer model, IDataView validation)
    {
        var calibrated = model.Calibrate(validation, new() { TargetPrecision = 0.9 });
        Console.WriteLine(calibrated.Report);
        mlContext.Model.Save(calibrated.Model, validation.Schema, "calibrated.zip");
    }

    public static void FineTune(MLContext mlContext, IDataView images, IDataView others)
    {
        var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with
        {
            ImageColumnName = "ImagePath",
            StartFrom = "base/last.safetensors",
            Mode = FineTuningMode.OffsetsOnly,
            LearningRate = 0.01,
            Epochs = 10,
        });
        var tuned = trainer.Fit(new TrainingData(images) { Held = others });
        tuned.Delta!.Save("mugs.json");
    }

    public static OpenVocabularyDetectionTransformer LoadDelta(MLContext mlContext, IDataView images)
    {
        var detector = mlContext.Transforms.DetectOpenVocabulary("base.zip", labels: ["mug", "red star"]).Fit(images);
        var withMugs = detector.WithDelta(EmbeddingDelta.Load("mugs.json"));
        return withMugs;
    }
}
