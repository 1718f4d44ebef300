using DetClip.Samples;
using Microsoft.Data.Analysis;
using Microsoft.ML;
using Pipelines;

// Detections are columns like any others: this sample filters them in a pipeline, joins them with other columns, groups and counts them in data frames.
//   dotnet run -c Release --project samples/Pipelines [-- DETECTOR.zip IMAGES THRESHOLD]
var modelPath = args.ElementAtOrDefault(0) ?? SampleFiles.Detector;
var images = args.ElementAtOrDefault(1) ?? Path.Combine(SampleFiles.FolderOf(SampleFiles.Test), "evaluation");
var threshold = float.Parse(args.ElementAtOrDefault(2) ?? "0.3", System.Globalization.CultureInfo.InvariantCulture);
if (!SampleFiles.AreThere(modelPath, images)) return 2;

var mlContext = new MLContext();
var photos = mlContext.Data.LoadFromEnumerable(Photo.AllIn(images));                                // ImagePath, Camera

Console.WriteLine("1. A pipeline: detect, keep what is large, drop photos with nothing on them");
var pipeline = mlContext.Transforms.DetectOpenVocabulary(modelPath, ["red ball", "blue box", "yellow star", "green ring"], nameof(Photo.ImagePath), threshold)
    .Append(mlContext.Transforms.CustomMapping<Detected, Kept>(Kept.Large, contractName: null));    // adds Kept, ObjectCount; Camera comes along untouched
var rows = pipeline.Fit(photos).Transform(photos);
var shown = mlContext.Data.FilterByCustomPredicate<Kept>(rows, row => row.ObjectCount == 0);         // true drops the row
var found = mlContext.Data.CreateEnumerable<KeptPhoto>(shown, reuseRowObject: false).ToArray();
Console.WriteLine($"   {found.Length} of {Photo.AllIn(images).Count()} photos show one of the four\n");

Console.WriteLine("2. A data frame with a row for each object, and its photo's camera");
var objects = mlContext.Data.LoadFromEnumerable(found.SelectMany(FoundObject.AllOn)).ToDataFrame(maxRows: -1); // all rows: it takes 100 otherwise
Frames.Print(objects, rows: 5);

Console.WriteLine("3. Grouped and joined: how often each name was found, and how surely");
var often = objects.GroupBy("Label").Count("Photo");
var surely = objects.GroupBy("Label").Mean("Score");
Frames.Print(often.Merge(surely, ["Label"], ["Label"], "", "2", JoinAlgorithm.Inner), rows: 10, ("Label", "Label"), ("Photo", "Objects"), ("Score", "Mean score"));

Console.WriteLine("4. Counted: objects of each photo, the fullest first");
Frames.Print(objects.GroupBy("Photo").Count("Label").OrderByDescending("Label"), rows: 5, ("Photo", "Photo"), ("Label", "Objects"));

Console.WriteLine("5. Filtered, and joined with a table of cameras: where is something large?");
var cameras = new DataFrame(new StringDataFrameColumn("Camera", ["north", "south"]), new StringDataFrameColumn("Place", ["gate", "yard"]));
var large = objects.Filter(objects["Area"].ElementwiseGreaterThan(2000f));
Frames.Print(large.Merge(cameras, ["Camera"], ["Camera"], "", "2", JoinAlgorithm.Inner).GroupBy("Place").Count("Label"), rows: 10, ("Place", "Place"), ("Label", "Objects"));
return 0;
