using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>The small edition: names that have boxes, names that are nowhere, and no corpus but boxes.</summary>
public sealed class SmallOpenWorldTests : TempFolder
{
    private static readonly OpenWorldOptions Tiny = OpenWorldOptions.Small with { DetectionImages = 20, EvaluationImages = 20 };

    [Fact]
    public void It_has_72_names_and_every_word_of_them_is_boxed_often()
    {
        var concepts = WorldGrammar.Concepts(OpenWorldOptions.Small);

        Assert.Equal(72, concepts.Count);
        Assert.Distinct(concepts.Select(c => c.Name));
        Assert.DoesNotContain(concepts, c => c.IsInvented);
        var boxed = concepts.Where(c => c.Group == WorldGroup.Frequent).ToArray();
        Assert.Equal(60, boxed.Length);
        Assert.All(concepts.SelectMany(c => c.Name.Split(' ')).Distinct(), word => Assert.InRange(boxed.Count(c => c.Name.Split(' ').Contains(word)), 8, 30));
        Assert.All(concepts.Except(boxed), c => Assert.Equal(WorldGroup.Composable, c.Group));
    }

    [Fact]
    public void Composable_names_are_on_images_of_the_evaluation_alone()
    {
        var folder = Generate(Tiny);

        var (detection, evaluation, composable) = (Read("coco", folder, "detection.json"), Read("lvis", folder, "evaluation.json"), Read("lvis", folder, "composable.json"));
        var frequent = detection.SelectMany(s => s.Labels).ToHashSet();
        Assert.Equal((20, 20, 20), (detection.Length, evaluation.Length, composable.Length));
        Assert.Subset(WorldGrammar.Concepts(Tiny).Where(c => c.Group == WorldGroup.Frequent).Select(c => c.Name).ToHashSet(), frequent);
        Assert.Empty(frequent.Intersect(composable.SelectMany(s => s.Labels)));
        Assert.NotEmpty(composable.SelectMany(s => s.Labels));
        Assert.Equal(evaluation.Select(s => s.ImagePath), composable.Select(s => s.ImagePath));
        Assert.All(evaluation.Zip(composable), pair => Assert.InRange(pair.First.Boxes.Count + pair.Second.Boxes.Count, 1, 5));
    }

    [Fact]
    public void Corpora_without_images_have_no_file()
    {
        Assert.Equal(["composable.json", "definitions.tsv", "detection", "detection.json", "evaluation", "evaluation.json", "openworld.json", "tokenizer.txt"], Entries(Generate(Tiny)));
        Assert.Equal(["definitions.tsv", "openworld.json", "tokenizer.txt"], Entries(Generate(Tiny with { DetectionImages = 0, EvaluationImages = 0 })));
    }

    [Fact]
    public void A_box_fits_tightly_around_what_is_painted()
    {
        var red = new WorldConcept(1, "red star", "", new(WorldShape.Star, WorldColour.Red, WorldSurface.Plain, WorldPart.None), WorldGroup.Frequent, 1);
        var scenes = new WorldScene(Tiny with { MaxObjects = 2 });
        for (var seed = 0; seed < 20; seed++)
        {
            var (picture, objects) = scenes.Draw(new Random(seed), _ => red);
            using var _ = picture;
            var painted = RedPixels(picture);
            Assert.Equal(objects.Min(o => o.Box.X0), painted.Min(p => p.X), 2f);
            Assert.Equal(objects.Min(o => o.Box.Y0), painted.Min(p => p.Y), 2f);
            Assert.Equal(objects.Max(o => o.Box.X1), painted.Max(p => p.X) + 1, 2f);
            Assert.Equal(objects.Max(o => o.Box.Y1), painted.Max(p => p.Y) + 1, 2f);
        }
    }

    // The ground is muted and the light nearly white, so what is much redder than green is the object's.
    private static (int X, int Y)[] RedPixels(SKBitmap picture) =>
        [.. from y in Enumerable.Range(0, picture.Height) from x in Enumerable.Range(0, picture.Width) let p = picture.GetPixel(x, y) where p.Red > 3 * p.Green select (x, y)];

    private string Generate(OpenWorldOptions options)
    {
        var folder = InFolder(Guid.NewGuid().ToString("n"));
        OpenWorld.Generate(folder, options);
        return folder;
    }

    private static string[] Entries(string folder) => [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    private static DatasetSample[] Read(string format, string folder, string file) => [.. DatasetFormat.Named(format).Read(Path.Combine(folder, file), new() { ImageFolder = folder })];
}
