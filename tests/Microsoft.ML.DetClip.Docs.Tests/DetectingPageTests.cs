using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What eng/docs/detecting.md shows compiles and runs.</summary>
[Collection(PageSnippets.CurrentFolder)]
public sealed partial class DetectingPageTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-detecting").FullName;

    private static string Page => File.ReadAllText(RepositoryFiles.Path("eng", "docs", "detecting.md"));

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_snippet_is_one_that_is_compiled() => PageSnippets.AssertCompiled(Page, "DetectingSnippets.cs");

    [Fact]
    public void The_snippets_run_one_after_the_other()
    {
        Directory.SetCurrentDirectory(_folder);
        SavePhoto("photo.jpg");
        var mlContext = new MLContext(seed: 1);
        var photos = mlContext.Data.LoadFromEnumerable([new { Image = "photo.jpg" }]);
        using var detector = Untrained(mlContext, photos);
        using var image = ImageDecoder.FromFile("photo.jpg");

        DetectingSnippets.Select(detector);
        DetectingSnippets.Batch(detector);
        DetectingSnippets.OneCanvas(detector);
        DetectingSnippets.Tile(detector);
        var found = DetectingSnippets.AskLater(detector, photos);
        DetectingSnippets.Draw(image, found);
        var mug = DetectingSnippets.FromExamples(detector, image, Middle(detector, image));

        Assert.True(File.Exists("found.png"));
        Assert.Equal("my mug", mug.Name);
        Assert.StartsWith("'mug'", DetectingSnippets.Explain(detector, image), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_linked_file_exists()
    {
        var folder = RepositoryFiles.Path("eng", "docs");
        Assert.All(Link().Matches(Page).Select(m => m.Groups[1].Value), link => Assert.True(Path.Exists(Path.Combine(folder, link)), link));
    }

    // An untrained detector knows where it looks, but not what for: any of its regions is an example.
    private static Box Middle(OpenVocabularyDetectionTransformer detector, MLImage image)
    {
        using var all = detector.WithOptions(detector.Options with { MaxRegions = 1000 });
        return all.FindRegions(image).Boxes.MaxBy(b => b.Area);
    }

    private static OpenVocabularyDetectionTransformer Untrained(MLContext mlContext, IDataView photos)
    {
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        DetectorExporter.Export(network, BytePairLearner.Learn(["a mug", "a red star", "a blue ring"], mergeCount: 30), new() { ShortSide = 64, LongSide = 96 }, "detector");
        return mlContext.Transforms.DetectOpenVocabulary("detector", labels: ["mug"]).Fit(photos);
    }

    private static void SavePhoto(string path)
    {
        using var image = MLImage.CreateFromPixels(96, 64, MLPixelFormat.Bgra32, [.. Enumerable.Range(0, 96 * 64 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : 5 * i))]);
        image.Save(path);
    }

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
