using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>Whole images against tiles, on images of the world of samples/QuickStart that are much larger than what its detector was trained on.</summary>
/// <remarks>Options: --model, a detector that samples/QuickStart has trained; --images 40; --side 1024; --tile 192; --objects 24; --radius 160, the largest (the smallest is 20, as in training, on images of 192).</remarks>
internal static class TilesBenchmark
{
    public static void Run(BenchmarkOptions arguments)
    {
        var mlContext = new MLContext();
        using var detector = (IDisposable)mlContext.Model.Load(arguments.Text("model", "detector.zip"), out _);
        var scenes = Draw(OpenWorldOptions.Small with
        {
            Seed = 7,
            DetectionImages = 0,
            EvaluationImages = arguments.Count("images", 40),
            Side = arguments.Count("side", 1024),
            MaxObjects = arguments.Count("objects", 24),
            Radius = (20, arguments.Count("radius", 160)),
        });
        var data = mlContext.Data.LoadFromEnumerable(scenes.Select(s => new Row { Image = s.Jpeg }).ToArray());
        var size = arguments.Count("tile", 192);
        Console.WriteLine($"{scenes.Length} images, {scenes.Sum(s => s.Truth.Labels.Count)} objects\n\nlooked at                                        AP50    AP   small  medium  large   s/image");
        foreach (var (name, tiles) in Settings(size))
        {
            using var asked = (IDisposable)((ITransformer)detector).WithVocabulary([.. scenes.SelectMany(s => s.Truth.Labels).Distinct()])
                .WithOptions(o => o with { ImageColumnName = "Image", Tiles = tiles, ScoreThreshold = 0.001f, MaxDetections = 300 });
            Measure(mlContext, name, (ITransformer)asked, data, scenes);
        }
    }

    private static IEnumerable<(string, TileOptions?)> Settings(int size) =>
    [
        ("the whole image, resized", null),
        ($"tiles of {size}, overlap 0", new() { Size = size, Overlap = 0, WholeImage = false }),
        ($"tiles of {size}, overlap 0.2", new() { Size = size, Overlap = 0.2, WholeImage = false }),
        ($"tiles of {size}, overlap 0.2, and the whole image", new() { Size = size, Overlap = 0.2 }),
        ($"tiles of {size}, overlap 0.4, and the whole image", new() { Size = size, Overlap = 0.4 }),
        ($"tiles of {2 * size}, overlap 0.2, and the whole image", new() { Size = 2 * size, Overlap = 0.2 }),
    ];

    private static void Measure(MLContext mlContext, string name, ITransformer detector, IDataView data, (byte[] Jpeg, LabeledBoxes Truth)[] scenes)
    {
        var watch = Stopwatch.StartNew();
        var evaluator = new LabelEvaluator();
        foreach (var (row, scene) in mlContext.Data.CreateEnumerable<Found>(detector.Transform(data), reuseRowObject: false).Zip(scenes))
            evaluator.Add(scene.Truth, new([.. row.Detections.Select(d => d.Label)], [.. row.Detections.Select(d => d.Box)], [.. row.Detections.Select(d => d.Score)]));
        var metrics = evaluator.Evaluate();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-48} {metrics.AP50:0.000} {metrics.AP:0.000}  {metrics.APSmall:0.000}   {metrics.APMedium:0.000}  {metrics.APLarge:0.000}   {watch.Elapsed.TotalSeconds / scenes.Length:0.00}"));
    }

    private static (byte[] Jpeg, LabeledBoxes Truth)[] Draw(OpenWorldOptions world)
    {
        var folder = Directory.CreateTempSubdirectory("tiles").FullName;
        try
        {
            OpenWorld.Generate(Path.Combine(folder, "world"), world);
            var options = new DatasetReadOptions { ImageFolder = Path.Combine(folder, "world") };
            DatasetReading[] files = [.. new[] { "evaluation.json", "composable.json" }.Select(file => DatasetFormat.Named("lvis").Read(Path.Combine(options.ImageFolder, file), options))];
            return [.. files[0].Zip(files[1], (boxed, other) => (File.ReadAllBytes(boxed.ImagePath), new LabeledBoxes([.. boxed.Labels, .. other.Labels], [.. boxed.Boxes, .. other.Boxes])))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Row
    {
        public byte[] Image { get; set; } = [];
    }

    private sealed class Found
    {
        [Detections]
        public DetectionList Detections { get; set; } = DetectionList.Empty;
    }
}
