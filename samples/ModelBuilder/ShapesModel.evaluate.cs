using Microsoft.ML;
using Microsoft.ML.DetClip.Evaluation;

namespace ModelBuilder;

/// <summary>Evaluation: how good a model is on labelled images that it was not trained on.</summary>
public static partial class ShapesModel
{
    /// <summary>COCO's metrics of a model.</summary>
    /// <param name="modelPath">The model file.</param>
    /// <param name="dataPath">VoTT's JSON export or a COCO file; the images lie beside it.</param>
    public static CocoMetrics Evaluate(string modelPath, string dataPath)
    {
        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelPath, out _).WithOptions(options => options with { ScoreThreshold = 0 }); // average precision wants every detection
        return mlContext.DetClip().Evaluate(model.Transform(LoadData(mlContext, dataPath)));
    }
}
