using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace QuickStart;

/// <summary>The second process: it knows the saved model, the test images, and names.</summary>
internal static class DetectRun
{
    private const int Pictures = 24;
    private const float DrawnAbove = 0.2f;

    /// <summary>Starts this program again to detect; returns its exit code.</summary>
    public static int StartProcess(string model, QuickStartData data, string pictures)
    {
        var unseen = Path.Combine(Path.GetDirectoryName(model)!, "unseen.txt");
        File.WriteAllLines(unseen, data.Unseen);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { ArgumentList = { "detect", model, data.Test, data.TestImages, unseen, pictures } };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet") start.ArgumentList.Insert(0, typeof(DetectRun).Assembly.Location);
        using var process = Process.Start(start)!;
        process.WaitForExit();
        return process.ExitCode;
    }

    public static int Start(string[] args)
    {
        var (modelPath, test, images, unseenPath, pictures) = (args[0], args[1], args[2], args[3], args[4]);
        var unseen = File.ReadAllLines(unseenPath);
        var names = CocoDataset.Load(test, images).Categories.Select(c => c.Name).ToList();

        var mlContext = new MLContext();
        var model = mlContext.Model.Load(modelPath, out _)                        // no name of ours, no download: the model file is enough
            .WithVocabulary([.. names])                                           // any names, also some that were never boxed in training
            .WithOptions(options => options with { ScoreThreshold = 0 });         // average precision wants every detection
        var rows = mlContext.Data.CreateEnumerable<Row>(model.Transform(mlContext.Data.LoadCoco(test, images)), reuseRowObject: false).ToList();

        var evaluator = new LabelEvaluator();
        foreach (var row in rows) evaluator.Add(row.Truth, row.Predicted);
        Print("names boxed in training", evaluator, [.. names.Except(unseen)]);
        Print("names never boxed in training", evaluator, unseen);
        Draw(rows, pictures);
        return 0;
    }

    private static void Print(string title, LabelEvaluator evaluator, IReadOnlyList<string> names)
    {
        if (names.Count == 0) return;
        var metrics = evaluator.Evaluate(names);
        Console.WriteLine($"   {title,-30} ({names.Count,3}, such as '{names[0]}'): AP50 {metrics.AP50:f3}  AP {metrics.AP:f3}");
    }

    private static void Draw(IReadOnlyList<Row> rows, string folder)
    {
        Directory.CreateDirectory(folder);
        var pictures = rows.Take(Pictures).Select(row => Draw(row, folder)).ToList();
        var sheet = Path.Combine(folder, "..", "overview.png");
        ContactSheet.Save(pictures, sheet);
        Console.WriteLine($"   {pictures.Count} pictures with boxes are in {folder}, twelve of them in {Path.GetFullPath(sheet)}");
    }

    private static string Draw(Row row, string folder)
    {
        var path = Path.Combine(folder, Path.GetFileNameWithoutExtension(row.ImagePath) + ".png");
        using var image = ImageDecoder.FromFile(row.ImagePath);
        DetectionDrawing.SavePng(image, BestOfEachPlace(row.Detections), path);
        return path;
    }

    // Names compete for a place on the picture, not in the model: there, each is scored by itself.
    private static List<Detection> BestOfEachPlace(DetectionList detections)
    {
        var best = new List<Detection>();
        foreach (var detection in detections.Where(d => d.Score > DrawnAbove))
            if (best.All(b => b.Box.IoU(detection.Box) < 0.6f)) best.Add(detection);
        return best;
    }

    /// <summary>An image of the test, what is on it, and what was found.</summary>
    private sealed class Row
    {
        public string ImagePath { get; set; } = "";

        public string[] Labels { get; set; } = [];

        public float[] BoundingBoxes { get; set; } = [];

        public bool[] IsCrowd { get; set; } = [];

        [Detections]
        public DetectionList Detections { get; set; } = new([]);

        [NoColumn]
        public LabeledBoxes Truth => new(Labels, [.. BoundingBoxes.Chunk(4).Select(b => new Box(b[0], b[1], b[2], b[3]))], IsCrowd);

        [NoColumn]
        public ScoredBoxes Predicted => new([.. Detections.Select(d => d.Label)], [.. Detections.Select(d => d.Box)], [.. Detections.Select(d => d.Score)]);
    }
}
