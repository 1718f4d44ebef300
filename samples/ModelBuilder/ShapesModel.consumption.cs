using Microsoft.ML;
using Microsoft.ML.Data;

namespace ModelBuilder;

/// <summary>Consumption: from an image to what is on it.</summary>
public static partial class ShapesModel
{
    /// <summary>An image to look at.</summary>
    public sealed class ModelInput
    {
        [ColumnName("ImagePath")]
        public string ImagePath { get; set; } = "";
    }

    /// <summary>What was found on it, best score first.</summary>
    public sealed class ModelOutput
    {
        /// <summary>The name of each detection.</summary>
        [ColumnName("PredictedLabel")]
        public string[] PredictedLabel { get; set; } = [];

        /// <summary>Its probability, 0 to 1.</summary>
        [ColumnName("Score")]
        public float[] Score { get; set; } = [];

        /// <summary>x0, y0, x1, y1 of each detection, in pixels of the image.</summary>
        [ColumnName("PredictedBoundingBoxes")]
        public float[] PredictedBoundingBoxes { get; set; } = [];
    }

    /// <summary>The model file; set it before the first prediction.</summary>
    public static string ModelPath { get; set; } = Path.GetFullPath("ShapesModel.zip");

    /// <summary>Made when the first prediction is asked for. An engine serves one thread at a time: a server takes a pool of them, as samples/WebDetector does.</summary>
    public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine = new(CreatePredictEngine, isThreadSafe: true);

    /// <summary>What is on an image.</summary>
    public static ModelOutput Predict(ModelInput input) => PredictEngine.Value.Predict(input);

    private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(ModelPath, out _);
        return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(model);
    }
}
