using System.Globalization;
using DetClip.Samples;
using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Training;

// Goes on training a detector on boxes of your own, Pascal VOC, VoTT or any other format of the suite, and says how good it was before and is after,
// and what it forgot of what it knew.
//   dotnet run -c Release --project samples/FineTune [-- DATA CHECKPOINT DETECTOR.zip OLD.json EPOCHS MODE OUT]
// DATA is a VOC folder, or a VoTT or COCO file; every fifth image is kept for measuring. CHECKPOINT and DETECTOR.zip are one network in two forms, OLD.json is
// what it learned from before. MODE is Full, HeadOnly or OffsetsOnly: the less is trained, the less is forgotten.
var dataPath = args.ElementAtOrDefault(0) ?? SampleFiles.Test;
var checkpoint = args.ElementAtOrDefault(1) ?? SampleFiles.Checkpoint;
var detectorPath = args.ElementAtOrDefault(2) ?? SampleFiles.Detector;
var oldPath = args.ElementAtOrDefault(3) ?? SampleFiles.Train;
var epochs = double.Parse(args.ElementAtOrDefault(4) ?? "4", CultureInfo.InvariantCulture);
var mode = Enum.Parse<FineTuningMode>(args.ElementAtOrDefault(5) ?? nameof(FineTuningMode.HeadOnly), ignoreCase: true);
var output = args.ElementAtOrDefault(6) ?? Path.Combine("out", "finetune");
if (!SampleFiles.AreThere(dataPath, checkpoint, detectorPath, oldPath)) return 2;

var mlContext = new MLContext(seed: 1);
mlContext.Log += (_, e) =>
{
    if (e.RawMessage.StartsWith("held vocabulary", StringComparison.Ordinal)) Console.WriteLine(e.RawMessage);
};
var (samples, old) = (Read(dataPath), Read(oldPath));
var train = mlContext.Data.LoadDatasetSamples(samples.Where((_, i) => i % 5 != 0));
var test = mlContext.Data.LoadDatasetSamples(samples.Where((_, i) => i % 5 == 0));
Concept[] names = [.. samples.SelectMany(s => s.Labels).Distinct().Order(StringComparer.Ordinal)];
Console.WriteLine($"{samples.Length} images of {dataPath} ({DatasetFormat.Of(dataPath)}), {names.Length} names, such as '{names[0].Name}'");

var trainer = mlContext.DetClip().Trainers.OpenVocabularyDetection(DetClipTrainer.Options.Nano with
{
    StartFrom = checkpoint,                                  // its weights, sizes and tokenizer
    Mode = mode,
    LearningRate = mode == FineTuningMode.Full ? 2e-4 : 1e-3, // from scratch, 1.2e-3
    ImageColumnName = "ImagePath",
    Detection = new() { BatchSize = 8, SmallestShortSide = 112, ShortSide = 128, LongSide = 128 },
    Epochs = epochs,
    RunFolder = output,
    Resume = false,
});
using var after = trainer.Fit(new TrainingData(train)
{
    Held = mlContext.Data.LoadDatasetSamples(old.Where((_, i) => i % 10 == 0)),                                                                // measured before and after
    Replay = mode == FineTuningMode.OffsetsOnly ? null : mlContext.Data.LoadDatasetSamples(old.Where((_, i) => i % 10 != 0)), // mixed in, so that it does not forget
});
var tunedPath = Path.Combine(output, "detector.zip");
mlContext.Model.Save(after, train.Schema, tunedPath);

Console.WriteLine($"{"on images kept back",-20} {"AP",6} {"AP50",6}");
Print("before", mlContext.Model.Load(detectorPath, out _));
Print("after", after);
Console.WriteLine($"The detector is {tunedPath}; curves.png beside it shows how it learned.");
return 0;

static DatasetSample[] Read(string path) => [.. DatasetFormat.Of(path).Read(path, new() { ImageFolder = File.Exists(path) ? SampleFiles.FolderOf(path) : null })];

void Print(string title, ITransformer detector)
{
    var predictions = detector.WithVocabulary(names).WithOptions(options => options with { ScoreThreshold = 0, ImageColumnName = "ImagePath" }).Transform(test);
    var metrics = mlContext.DetClip().Evaluate(predictions);
    Console.WriteLine($"{title,-20} {metrics.AP,6:f3} {metrics.AP50,6:f3}");
}
