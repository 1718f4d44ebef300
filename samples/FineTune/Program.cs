using System.Globalization;
using DetClip.Samples;
using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;

// Goes on training a detector on boxes of your own, Pascal VOC, VoTT or any other format of the suite, and says how good it was before and is after.
//   dotnet run -c Release --project samples/FineTune [-- DATA CHECKPOINT DETECTOR.zip EPOCHS OUT]
// DATA is a VOC folder or a VoTT or COCO file; CHECKPOINT and DETECTOR.zip are one network in two forms. Every fifth image is kept for measuring.
var dataPath = args.ElementAtOrDefault(0) ?? SampleFiles.Test;
var checkpoint = args.ElementAtOrDefault(1) ?? SampleFiles.Checkpoint;
var detectorPath = args.ElementAtOrDefault(2) ?? SampleFiles.Detector;
var epochs = double.Parse(args.ElementAtOrDefault(3) ?? "4", CultureInfo.InvariantCulture);
var output = args.ElementAtOrDefault(4) ?? Path.Combine("out", "finetune");
if (!SampleFiles.AreThere(dataPath, checkpoint, detectorPath)) return 2;

var mlContext = new MLContext(seed: 1);
var format = DatasetFormat.Of(dataPath);
var samples = format.Read(dataPath, new() { ImageFolder = File.Exists(dataPath) ? SampleFiles.FolderOf(dataPath) : null }).ToArray();
var train = mlContext.Data.LoadDatasetSamples(samples.Where((_, i) => i % 5 != 0));
var test = mlContext.Data.LoadDatasetSamples(samples.Where((_, i) => i % 5 == 0));
Concept[] names = [.. samples.SelectMany(s => s.Labels).Distinct().Order(StringComparer.Ordinal)];
Console.WriteLine($"{samples.Length} images of {dataPath} ({format}), {names.Length} names, such as '{names[0].Name}'");

var before = mlContext.Model.Load(detectorPath, out _);
var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with
{
    StartFrom = checkpoint,                                  // its weights, sizes and tokenizer
    LearningRate = 2e-4,                                     // a sixth of what training from scratch takes
    TextRateFactor = 0,                                      // the text encoder stays: it knows names that are not in this data
    ImageColumnName = "ImagePath",
    Detection = new() { BatchSize = 8, SmallestShortSide = 112, ShortSide = 128, LongSide = 128 },
    Epochs = epochs,
    RunFolder = output,
    Resume = false,
});
using var after = trainer.Fit(train);
var tunedPath = Path.Combine(output, "detector.zip");
mlContext.Model.Save(after, train.Schema, tunedPath);

Console.WriteLine($"{"on images kept back",-20} {"AP",6} {"AP50",6}");
Print("before", before);
Print("after", after);
Console.WriteLine($"The detector is {tunedPath}; curves.png beside it shows how it learned.");
return 0;

void Print(string title, ITransformer detector)
{
    var predictions = detector.WithVocabulary(names).WithOptions(options => options with { ScoreThreshold = 0, ImageColumnName = "ImagePath" }).Transform(test);
    var metrics = mlContext.DetClip().Evaluate(predictions);
    Console.WriteLine($"{title,-20} {metrics.AP,6:f3} {metrics.AP50,6:f3}");
}
