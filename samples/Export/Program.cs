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

// The forms to export, each with its options of detclip export; another form of the network is another line.
(string Name, string[] Options)[] forms = [("float32", [])];

var mlContext = new MLContext();
var paths = Directory.GetFiles(images).Order(StringComparer.Ordinal).Take(20).ToArray();
var trained = Look(detectorPath);
foreach (var (name, options) in forms)
{
    Console.WriteLine($"{name}: detclip export writes two ONNX graphs, and the report of their parity with the network");
    var folder = Path.Combine(output, name);
    var exitCode = DetclipTool.Run(["export", "--checkpoint", checkpoint, "--out", folder, "--sizes", "128x128", "96x160", .. options]);
    if (exitCode != 0) return exitCode;
    SetImageSize(folder);
    foreach (var file in new DirectoryInfo(folder).GetFiles().OrderBy(f => f.Name, StringComparer.Ordinal)) Console.WriteLine($"   {file.Name,-16} {file.Length,10:n0} bytes");

    Console.WriteLine($"{name}: the exported folder against the ML.NET model, on the same images");
    Comparison.Print(trained, Look(folder));
}
return 0;

// The command knows the network, not the size of the images that it was trained on; the trained detector does.
void SetImageSize(string folder)
{
    var (size, path) = (DetectorModel.Load(detectorPath).Manifest, Path.Combine(folder, DetectorContract.ManifestFile));
    var manifest = DetectorManifest.Parse(File.ReadAllBytes(path)) with { ShortSide = size.ShortSide, LongSide = size.LongSide };
    File.WriteAllBytes(path, manifest.ToJson());
}

IReadOnlyList<DetectionList> Look(string path)
{
    var data = mlContext.Data.LoadFromEnumerable(paths.Select(p => new Picture { Image = p }));
    using var detector = mlContext.Transforms.DetectOpenVocabulary(path, labels: ["red circle", "blue square", "yellow star"], scoreThreshold: 0).Fit(data);
    return [.. mlContext.Data.CreateEnumerable<Found>(detector.Transform(data), reuseRowObject: false).Select(f => f.Detections)];
}
