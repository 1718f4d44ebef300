using DetClip.Samples;
using Export;
using Microsoft.ML;
using Microsoft.ML.DetClip;

// Exports a checkpoint as ONNX graphs, compares them with the network they come from, and looks at images with them: no torch, no ML.NET zip.
//   dotnet run -c Release --project samples/Export [-- CHECKPOINT DETECTOR.zip IMAGES OUT]
// DETECTOR.zip is the same network as ML.NET saved it; IMAGES is a folder of pictures.
var checkpoint = args.ElementAtOrDefault(0) ?? SampleFiles.Checkpoint;
var detectorPath = args.ElementAtOrDefault(1) ?? SampleFiles.Detector;
var images = args.ElementAtOrDefault(2) ?? Path.Combine(SampleFiles.FolderOf(SampleFiles.Test), "test");
var output = args.ElementAtOrDefault(3) ?? Path.Combine("out", "export");
if (!SampleFiles.AreThere(checkpoint, detectorPath, images)) return 2;

Console.WriteLine("1. detclip export: two ONNX graphs, and the report of their parity with the network");
var exported = Path.Combine(output, "float32");
if (DetclipTool.Run("export", "--checkpoint", checkpoint, "--out", exported, "--sizes", "128x128", "96x160") is not 0 and var exitCode) return exitCode;

// The command knows the network, not the size of the images that it was trained on; the trained detector does.
var trained = DetectorModel.Load(detectorPath).Manifest;
var manifestPath = Path.Combine(exported, DetectorContract.ManifestFile);
var manifest = DetectorManifest.Parse(File.ReadAllBytes(manifestPath)) with { ShortSide = trained.ShortSide, LongSide = trained.LongSide };
File.WriteAllBytes(manifestPath, manifest.ToJson());
foreach (var file in new DirectoryInfo(exported).GetFiles().OrderBy(f => f.Name)) Console.WriteLine($"   {file.Name,-16} {file.Length,10:n0} bytes");

Console.WriteLine("2. The exported folder against the ML.NET model, on the same images");
var mlContext = new MLContext();
var paths = Directory.GetFiles(images).Order(StringComparer.Ordinal).Take(20).ToArray();
Comparison.Print(Look(detectorPath), Look(exported));
return 0;

IReadOnlyList<DetectionList> Look(string path)
{
    var data = mlContext.Data.LoadFromEnumerable(paths.Select(p => new Picture { Image = p }));
    using var detector = mlContext.Transforms.DetectOpenVocabulary(path, labels: ["red circle", "blue square", "yellow star"], scoreThreshold: 0).Fit(data);
    return [.. mlContext.Data.CreateEnumerable<Found>(detector.Transform(data), reuseRowObject: false).Select(f => f.Detections)];
}
