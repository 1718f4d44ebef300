using Microsoft.ML.DetClip.Datasets;

namespace QuickStart;

/// <summary>Images with boxes to train on, and groups of images and names to test on.</summary>
/// <param name="Train">COCO file of what is trained on.</param>
/// <param name="TrainImages">Its images.</param>
/// <param name="Test">COCO file of what is tested on; no image of it is trained on.</param>
/// <param name="TestImages">Its images.</param>
/// <param name="Unseen">Names of the test that no box of training has.</param>
internal sealed record QuickStartData(string Train, string TrainImages, string Test, string TestImages, IReadOnlyList<string> Unseen)
{
    private const int TestShare = 5;

    /// <summary>The small edition of the open world: coloured shapes, of which some combinations are in the test only.</summary>
    /// <exception cref="IOException">There is something else at the world's place.</exception>
    public static QuickStartData Draw(QuickStartArguments arguments)
    {
        var world = Path.Combine(arguments.Out, "world");
        if (File.Exists(Path.Combine(world, "openworld.json"))) Directory.Delete(world, recursive: true); // of an earlier run
        OpenWorld.Generate(world, OpenWorldOptions.Small with { DetectionImages = arguments.Scenes, EvaluationImages = Math.Max(20, arguments.Scenes / 10) });
        var test = Path.Combine(world, "test.json");
        return new(Path.Combine(world, "detection.json"), world, test, world, Unseen: WriteTest(test, world));
    }

    // The evaluation has a file of the names that have boxes in training, and one of those that have none, of the same images: here they become one.
    private static IReadOnlyList<string> WriteTest(string path, string world)
    {
        var options = new DatasetReadOptions { ImageFolder = world };
        var (boxed, unseen) = (DatasetFormat.Named("lvis").Read(Path.Combine(world, "evaluation.json"), options), DatasetFormat.Named("lvis").Read(Path.Combine(world, "composable.json"), options));
        var images = boxed.Zip(unseen, (one, other) => one with
        {
            Boxes = [.. one.Boxes, .. other.Boxes],
            Labels = [.. one.Labels, .. other.Labels],
            IsCrowd = [.. one.IsCrowd, .. other.IsCrowd],
        }).ToArray();
        DatasetFormat.Named("coco").Write(path, images, [.. boxed.Categories, .. unseen.Categories], new() { ImageFolder = world });
        return [.. unseen.Categories.Select(category => category.Name)];
    }

    /// <summary>COCO data; every fifth image is kept for the test.</summary>
    public static QuickStartData SplitCoco(string annotations, string images, string folder)
    {
        var all = CocoDataset.Load(annotations, images);
        var (train, test) = (Path.Combine(folder, "train.json"), Path.Combine(folder, "test.json"));
        CocoWriter.Write(train, [.. all.Samples.Where((_, i) => i % TestShare != 0)], all.Categories, images);
        CocoWriter.Write(test, [.. all.Samples.Where((_, i) => i % TestShare == 0)], all.Categories, images);
        var boxed = CocoDataset.Load(train, images).Samples.SelectMany(s => s.Labels).ToHashSet();
        return new(train, images, test, images, [.. all.Categories.Select(c => c.Name).Where(name => !boxed.Contains(name))]);
    }
}
