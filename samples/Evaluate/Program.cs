using DetClip.Samples;
using Evaluate;
using Microsoft.ML;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

// Measures a detector on labelled images: COCO's metrics, or LVIS's fixed AP where the file says how frequent each category is, and a table of the categories.
//   dotnet run -c Release --project samples/Evaluate [-- DETECTOR.zip ANNOTATIONS.json IMAGES]
var modelPath = args.ElementAtOrDefault(0) ?? SampleFiles.Detector;
var annotations = args.ElementAtOrDefault(1) ?? SampleFiles.Test;
var images = args.ElementAtOrDefault(2) ?? SampleFiles.FolderOf(annotations);
if (!SampleFiles.AreThere(modelPath, annotations, images)) return 2;

var mlContext = new MLContext();
var categories = CategoryVocabulary.Load(annotations);
var frequencies = LabelledImage.Frequencies(categories);
var model = mlContext.Model.Load(modelPath, out _)
    .WithVocabulary(categories.Select(c => new Concept(c.Name, c.Definition)))                     // ask for every category by its name
    .WithOptions(options => options with
    {
        ScoreThreshold = 0,                                                                        // average precision wants every detection,
        MaxDetections = frequencies.Count > 0 ? 1000 : 100,                                        // and fixed AP more of them than COCO
    });
var samples = DatasetFormat.Of(annotations).Read(annotations, new() { ImageFolder = images });
var predictions = model.Transform(mlContext.Data.LoadFromEnumerable(samples.Select(LabelledImage.From)));

if (frequencies.Count > 0)
{
    var metrics = mlContext.DetClip().EvaluateLvis(predictions, frequencies, options: LvisEvaluatorOptions.FixedAP);
    Console.WriteLine($"LVIS, fixed AP: AP {metrics.AP:f3}  rare {metrics.APRare:f3}  common {metrics.APCommon:f3}  frequent {metrics.APFrequent:f3}\n");
    CategoryTable.Print(metrics.Categories.Select(c => new CategoryRow(c.Name, c.Frequency.ToString(), c.Objects, c.AP, c.AP50)));
}
else
{
    var metrics = mlContext.DetClip().Evaluate(predictions);
    Console.WriteLine($"{metrics}\n");
    CategoryTable.Print(metrics.Categories.Select(c => new CategoryRow(c.Name, "", c.Objects, c.AP, c.AP50)));
}
return 0;
