using Microsoft.ML;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;
using Microsoft.ML.Runtime;

namespace ModelBuilder;

/// <summary>Training: from a labelled data set to a model file.</summary>
public static partial class ShapesModel
{
    /// <summary>Trains a new model and saves it.</summary>
    /// <param name="outputModelPath">The model file to make or replace.</param>
    /// <param name="dataPath">VoTT's JSON export or a COCO file; the images lie beside it.</param>
    /// <param name="epochs">How often each image is seen.</param>
    public static void Train(string outputModelPath, string dataPath, double epochs)
    {
        var mlContext = new MLContext(seed: 1);
        mlContext.Log += (_, e) =>
        {
            if (e.Source.StartsWith("DetClipTrainer", StringComparison.Ordinal) && e.Kind > ChannelMessageKind.Trace) Console.WriteLine($"   {e.RawMessage}");
        };
        var data = LoadData(mlContext, dataPath);
        var model = BuildPipeline(mlContext, epochs).Fit(data);
        mlContext.Model.Save(model, data.Schema, outputModelPath);
        (model as IDisposable)?.Dispose();
    }

    /// <summary>The steps from a row of data to detections.</summary>
    public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext, double epochs) =>
        mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with
        {
            ImageColumnName = nameof(ModelInput.ImagePath),
            Detection = new() { BatchSize = 8, SmallestShortSide = 112, ShortSide = 128, LongSide = 128 }, // the images of QuickStart's world are small
            Epochs = epochs,
        });

    /// <summary>A row for each image: its path, and what is on it.</summary>
    public static IDataView LoadData(MLContext mlContext, string dataPath)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(dataPath));
        return mlContext.Data.LoadDatasetSamples(DatasetFormat.Of(dataPath).Read(dataPath, new() { ImageFolder = folder }));
    }
}
