using System.Globalization;
using DetClip.Samples;
using Microsoft.ML.DetClip.Datasets;
using ModelBuilder;

// Trains on a VoTT or COCO file, saves, predicts, evaluates, with the three files that Model Builder would make for a scenario of its own.
//   dotnet run -c Release --project samples/ModelBuilder [-- TRAIN.json TEST.json EPOCHS MODEL.zip]
// With QuickStart's world, which is the default, four epochs take about six minutes on two cores.
var train = args.ElementAtOrDefault(0) ?? SampleFiles.Train;
var test = args.ElementAtOrDefault(1) ?? SampleFiles.Test;
var epochs = double.Parse(args.ElementAtOrDefault(2) ?? "4", CultureInfo.InvariantCulture);
var modelPath = args.ElementAtOrDefault(3) ?? Path.Combine("out", "modelbuilder", "ShapesModel.zip");
if (!SampleFiles.AreThere(train, test)) return 2;

Console.WriteLine($"1. Training on {train} ({DatasetFormat.Of(train)}) ...");
Directory.CreateDirectory(SampleFiles.FolderOf(modelPath));
ShapesModel.Train(modelPath, train, epochs);
Console.WriteLine($"   saved {modelPath}, {new FileInfo(modelPath).Length / 1024} KB");

Console.WriteLine("2. Predicting ...");
ShapesModel.ModelPath = modelPath;
var image = DatasetFormat.Of(test).Read(test, new() { ImageFolder = SampleFiles.FolderOf(test) }).First();
var found = ShapesModel.Predict(new() { ImagePath = image.ImagePath });
Console.WriteLine($"   {image.ImagePath}: {found.Score.Length} found, labelled: {string.Join(", ", image.Labels)}");
for (var i = 0; i < Math.Min(5, found.Score.Length); i++)
{
    var box = string.Join(", ", found.PredictedBoundingBoxes[(4 * i)..(4 * i + 4)].Select(x => x.ToString("f0", CultureInfo.InvariantCulture)));
    Console.WriteLine($"   {found.PredictedLabel[i],-24} {found.Score[i]:f2}  at {box}");
}

Console.WriteLine($"3. Evaluating on {test} ...");
var metrics = ShapesModel.Evaluate(modelPath, test);
Console.WriteLine($"   AP {metrics.AP:f3}  AP50 {metrics.AP50:f3}  AP75 {metrics.AP75:f3}");
return 0;
