using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.DetClip.Evaluation;
using QuickStart.World;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Benchmarks;

/// <summary>Whole images against tiles, on canvases of the QuickStart world that are much larger than what its detector was trained on.</summary>
/// <remarks>Options: --model, a model file of samples/QuickStart; --images 40; --side 1024; --tile 192; --objects 24; --radius 160, the largest (the smallest is 20, as in training, on images of 192).</remarks>
internal static class TilesBenchmark
{
    public static void Run(BenchmarkOptions arguments)
    {
        var mlContext = new MLContext();
        using var detector = (IDisposable)mlContext.Model.Load(arguments.Text("model", "detector.zip"), out _);
        var world = new WorldOptions
        {
            MinSide = arguments.Count("side", 1024), MaxSide = arguments.Count("side", 1024), MaxObjects = arguments.Count("objects", 24),
            Radius = (20, arguments.Count("radius", 160)),
            // What the sample trains on.
            Textures = [Texture.Plain, Texture.Striped],
            Colours = [Colour.Red, Colour.Orange, Colour.Yellow, Colour.Green, Colour.Blue, Colour.Purple],
            Shapes = [Shape.Circle, Shape.Square, Shape.Triangle, Shape.Star, Shape.Cross, Shape.Ring],
        };
        var generator = new SceneGenerator(seed: 7, world);
        var scenes = Enumerable.Range(0, arguments.Count("images", 40)).Select(i => Draw(generator, i)).ToArray();
        var data = mlContext.Data.LoadFromEnumerable(scenes.Select(s => new Row { Image = s.Png }).ToArray());
        var size = arguments.Count("tile", 192);
        Console.WriteLine($"{scenes.Length} images, {scenes.Sum(s => s.Truth.Labels.Count)} objects\n\nlooked at                                        AP50    AP   small  medium  large   s/image");
        foreach (var (name, tiles) in Settings(size))
        {
            using var asked = (IDisposable)((ITransformer)detector).WithVocabulary([.. world.Kinds.Select(k => k.Name)])
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

    private static void Measure(MLContext mlContext, string name, ITransformer detector, IDataView data, (byte[] Png, LabeledBoxes Truth)[] scenes)
    {
        var watch = Stopwatch.StartNew();
        var evaluator = new LabelEvaluator();
        foreach (var (row, scene) in mlContext.Data.CreateEnumerable<Found>(detector.Transform(data), reuseRowObject: false).Zip(scenes))
            evaluator.Add(scene.Truth, new([.. row.Detections.Select(d => d.Label)], [.. row.Detections.Select(d => d.Box)], [.. row.Detections.Select(d => d.Score)]));
        var metrics = evaluator.Evaluate();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-48} {metrics.AP50:0.000} {metrics.AP:0.000}  {metrics.APSmall:0.000}   {metrics.APMedium:0.000}  {metrics.APLarge:0.000}   {watch.Elapsed.TotalSeconds / scenes.Length:0.00}"));
    }

    private static (byte[] Png, LabeledBoxes Truth) Draw(SceneGenerator generator, int number)
    {
        using var scene = generator.Draw(number, unseenShare: 0.3);
        using var png = scene.Picture.Encode(SKEncodedImageFormat.Png, 100);
        return (png.ToArray(), new([.. scene.Objects.Select(o => o.Kind.Name)], [.. scene.Objects.Select(o => o.Box)]));
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
