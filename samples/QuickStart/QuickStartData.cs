using Microsoft.ML.DetClip.Datasets;
using QuickStart.World;

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

    // What nano can learn in minutes: 72 kinds of objects, 10 of them never boxed in training.
    private static readonly WorldOptions Small = new()
    {
        MinSide = 192,
        MaxSide = 192,
        MaxObjects = 5,
        Radius = (20, 50),
        Textures = [Texture.Plain, Texture.Striped],
        Colours = [Colour.Red, Colour.Orange, Colour.Yellow, Colour.Green, Colour.Blue, Colour.Purple],
        Shapes = [Shape.Circle, Shape.Square, Shape.Triangle, Shape.Star, Shape.Cross, Shape.Ring],
    };

    /// <summary>A world of coloured shapes. Some colours of some shapes are boxed in the test only.</summary>
    public static QuickStartData Draw(QuickStartArguments arguments)
    {
        var folder = Path.Combine(arguments.Out, "world");
        var world = new SceneGenerator(seed: 1, Small);
        WorldFolder.WriteBoxes(folder, "train", world, first: 0, arguments.Scenes, unseenShare: 0);
        WorldFolder.WriteBoxes(folder, "test", world, first: 1_000_000, Math.Max(20, arguments.Scenes / 10), unseenShare: 0.3);
        return new(Path.Combine(folder, "train.json"), folder, Path.Combine(folder, "test.json"), folder, [.. world.Kinds.Where(k => !k.Seen).Select(k => k.Name)]);
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
