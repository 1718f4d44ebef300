using System.Text.RegularExpressions;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Datasets;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What the README shows compiles, runs, and exists.</summary>
[Collection(PageSnippets.CurrentFolder)]
public sealed partial class ReadmeTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-readme").FullName;

    private static string Readme => File.ReadAllText(RepositoryFiles.Path("README.md")).ReplaceLineEndings("\n");

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_snippet_is_one_that_is_compiled() => PageSnippets.AssertCompiled(Readme, "ReadmeSnippets.cs");

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
        Assert.Equal(["zebra", "bass"], ((OpenVocabularyDetectionTransformer)other).Options.Labels.Select(c => c.Name));
    }

    [Fact]
    public void Every_linked_file_exists() =>
        Assert.All(Link().Matches(Readme).Select(m => m.Groups[1].Value).Where(link => !link.StartsWith("http")), link => Assert.True(Path.Exists(RepositoryFiles.Path(link)), link));

    [Theory]
    [InlineData("dotnet run -c Release --project samples/QuickStart", "samples/QuickStart/QuickStart.csproj")]
    [InlineData("eng/build.sh", "eng/build.sh")]
    public void The_two_commands_lead_somewhere(string command, string file)
    {
        Assert.Contains($"\n    {command}\n", Readme);
        Assert.True(File.Exists(RepositoryFiles.Path(file)));
    }

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

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();
}
