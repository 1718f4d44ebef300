using DetClip.Samples;
using Export;
using Microsoft.ML;
using Microsoft.ML.DetClip;

// Exports a checkpoint as ONNX graphs, compares them with the network they come from, and looks at images with them: no torch, no ML.NET zip.
//   dotnet run -c Release --project samples/Export [-- CHECKPOINT DETECTOR.zip IMAGES OUT CALIBRATION]
// DETECTOR.zip is the same network as ML.NET saved it; IMAGES is a folder of pictures; CALIBRATION is another, that the ranges of integers are read from.
var checkpoint = args.ElementAtOrDefault(0) ?? SampleFiles.Checkpoint;
var detectorPath = args.ElementAtOrDefault(1) ?? SampleFiles.Detector;
var images = args.ElementAtOrDefault(2) ?? Path.Combine(SampleFiles.FolderOf(SampleFiles.Test), "evaluation");
var output = args.ElementAtOrDefault(3) ?? Path.Combine("out", "export");
var calibration = args.ElementAtOrDefault(4) ?? Path.Combine(SampleFiles.FolderOf(SampleFiles.Train), "detection");
if (!SampleFiles.AreThere(checkpoint, detectorPath, images, calibration)) return 2;

var mlContext = new MLContext();
var paths = Directory.GetFiles(images).Order(StringComparer.Ordinal).Take(20).ToArray();
Console.WriteLine("detclip export writes ONNX graphs, the image graph in integers too, and reports how far they lie from the network");
var exitCode = DetclipTool.Run("export", "--checkpoint", checkpoint, "--out", output, "--sizes", "128x128", "96x160", "--precision", "int8", "--calibration", calibration, "--calibration-images", "8");
if (exitCode != 0) return exitCode;
foreach (var file in new DirectoryInfo(output).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal)) Console.WriteLine($"   {file.Name,-16} {file.Length,10:n0} bytes");

var trained = Look(detectorPath, DetectorPrecision.Float32);
foreach (var precision in DetectorModel.Load(output).Precisions)
{
    Console.WriteLine($"{precision}: the exported folder against the ML.NET model, on the same images");
    Comparison.Print(trained, Look(output, precision));
}
return 0;

IReadOnlyList<DetectionList> Look(string path, DetectorPrecision precision)
{
    var data = mlContext.Data.LoadFromEnumerable(paths.Select(p => new Picture { Image = p }));
    var options = new OpenVocabularyDetectionEstimator.Options { Labels = ["red ball", "blue box", "yellow star"], ScoreThreshold = 0, Runtime = new() { Precision = precision } };
    using var detector = mlContext.Transforms.DetectOpenVocabulary(path, options).Fit(data);
    return [.. mlContext.Data.CreateEnumerable<Found>(detector.Transform(data), reuseRowObject: false).Select(f => f.Detections)];
}
