// Loads a model file in a process of its own, and names nothing of Microsoft.ML.DetClip: what any ML.NET program would do.
// Arguments: the model file, an image. Prints each detection on a line: label, score, box.
using System.Globalization;
using Microsoft.ML;

var mlContext = new MLContext();
var model = mlContext.Model.Load(args[0], out _);
using var engine = mlContext.Model.CreatePredictionEngine<Input, Output>(model);
var output = engine.Predict(new() { Image = args[1] });
for (var i = 0; i < output.Score.Length; i++)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{output.PredictedLabel[i]} {output.Score[i]:R} {string.Join(' ', output.PredictedBoundingBoxes[(4 * i)..(4 * i + 4)].Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}"));

internal sealed class Input
{
    public string Image { get; set; } = "";
}

internal sealed class Output
{
    public string[] PredictedLabel { get; set; } = [];

    public float[] Score { get; set; } = [];

    public float[] PredictedBoundingBoxes { get; set; } = [];
}
