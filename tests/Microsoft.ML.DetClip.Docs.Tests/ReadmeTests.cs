using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What the README shows compiles, runs, and exists.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-readme").FullName;

    private static string Readme => Page("README.md");

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("README.md", "ReadmeSnippets.cs")]
    [InlineData("eng/docs/detecting.md", "DetectingSnippets.cs")]
    public void Every_snippet_is_one_that_is_compiled(string page, string code)
    {
        var compiled = Unindented(File.ReadAllText(RepositoryFiles.Path("tests", "Microsoft.ML.DetClip.Docs.Tests", code)));
        var snippets = Snippet().Matches(Page(page)).Select(m => Unindented(m.Groups[1].Value)).ToList();

        Assert.NotEmpty(snippets);
        Assert.All(snippets, snippet => Assert.Contains(snippet, compiled));
    }

    [Fact]
    public void The_snippets_run_one_after_the_other()
    {
        Directory.SetCurrentDirectory(_folder);
        SavePhoto("photo.jpg");
        SaveDataSet();
        var mlContext = new MLContext(seed: 1);

        ReadmeSnippets.TrainAndSave(mlContext);
        var found = ReadmeSnippets.LoadAndPredict(mlContext);
        DetectorModel.Load("detector.zip").Save("detector");
        var (detections, other) = ReadmeSnippets.Detect(mlContext, mlContext.Data.LoadFromEnumerable([new { Image = "photo.jpg" }]));

        Assert.All(found.PredictedLabel, label => Assert.Contains(label, (string[])["red star", "blue ring"]));
        Assert.Equal(4 * found.Score.Length, found.PredictedBoundingBoxes.Length);
        Assert.Single(detections);
        DetectingSnippets.Run((OpenVocabularyDetectionTransformer)mlContext.Model.Load("detector.zip", out _), mlContext.Data.LoadFromEnumerable([new { ImagePath = "photo.jpg" }]), "photo.jpg");
        Assert.True(File.Exists("found.png"));
        Assert.Equal(["zebra", "bass"], ((OpenVocabularyDetectionTransformer)other).Options.Labels.Select(c => c.Name));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("eng/docs/detecting.md")]
    public void Every_linked_file_exists(string page)
    {
        var folder = Path.GetDirectoryName(RepositoryFiles.Path(page))!;
        Assert.All(Link().Matches(Page(page)).Select(m => m.Groups[1].Value).Where(link => !link.StartsWith("http")), link => Assert.True(Path.Exists(Path.Combine(folder, link)), link));
    }

    [Theory]
    [InlineData("dotnet run -c Release --project samples/QuickStart", "samples/QuickStart/QuickStart.csproj")]
    [InlineData("eng/build.sh", "eng/build.sh")]
    public void The_two_commands_lead_somewhere(string command, string file)
    {
        Assert.Contains($"\n    {command}\n", Readme);
        Assert.True(File.Exists(RepositoryFiles.Path(file)));
    }

    private static string Page(string path) => File.ReadAllText(RepositoryFiles.Path(path)).ReplaceLineEndings("\n");

    private static void SavePhoto(string path)
    {
        using var image = MLImage.CreateFromPixels(96, 64, MLPixelFormat.Bgra32, [.. Enumerable.Range(0, 96 * 64 * 4).Select(i => (byte)(i % 4 == 3 ? 255 : 5 * i))]);
        image.Save(path);
    }

    private static void SaveDataSet()
    {
        Directory.CreateDirectory("images");
        SavePhoto(Path.Combine("images", "a.jpg"));
        var sample = new DetectionSample { ImageId = 1, ImagePath = Path.Combine("images", "a.jpg"), Width = 96, Height = 64, Boxes = [new(8, 8, 48, 48)], Labels = ["red star"], IsCrowd = [false] };
        CocoWriter.Write("annotations.json", [sample], [new(1, "red star")], "images");
    }

    // Lines without what is before them and without empty ones: a snippet may be indented where it is compiled.
    private static string Unindented(string text) => string.Join("\n", text.ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0));

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
