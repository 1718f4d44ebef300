using System.Text.RegularExpressions;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Docs.Tests;

/// <summary>What eng/docs/vocabulary.md shows compiles and runs.</summary>
[Collection(PageSnippets.CurrentFolder)]
public sealed partial class VocabularyPageTests : IDisposable
{
    private readonly string _before = Directory.GetCurrentDirectory();
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip-vocabulary").FullName;

    private static string Page => File.ReadAllText(RepositoryFiles.Path("eng", "docs", "vocabulary.md"));

    public void Dispose()
    {
        Directory.SetCurrentDirectory(_before);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Every_snippet_is_one_that_is_compiled() => PageSnippets.AssertCompiled(Page, "VocabularySnippets.cs");

    [Fact]
    public void The_snippets_run_one_after_the_other()
    {
        Directory.SetCurrentDirectory(_folder);
        using var detector = Untrained();

        using var looking = VocabularySnippets.Names(detector);
        var (street, german) = VocabularySnippets.Concepts(detector);
        VocabularySnippets.Check(street, detector);

        Assert.Equal(["dog", "zebra"], looking.Options.Labels.Select(c => c.Name));
        Assert.Equal(street, german.Options.Labels);
        german.Dispose();
    }

    [Fact]
    public void The_JSON_that_is_shown_is_read()
    {
        var path = Path.Combine(_folder, "shown.json");
        File.WriteAllText(path, Json().Match(Page.ReplaceLineEndings("\n")).Groups[1].Value);

        var vocabulary = Vocabulary.Load(path);

        Assert.Equal(["vehicle", "car"], vocabulary.Select(c => c.Name));
        Assert.Equal(["Auto", "Wagen"], vocabulary[1].Aliases["de"]);
    }

    private static OpenVocabularyDetectionTransformer Untrained()
    {
        var mlContext = new MLContext(seed: 1);
        using var network = DetClipNetwork.Create(DetClipVariants.Nano, seed: 1);
        DetectorExporter.Export(network, BytePairLearner.Learn(["a vehicle", "a car", "a traffic light"], mergeCount: 30), new() { ShortSide = 64, LongSide = 96 }, "detector");
        return mlContext.Transforms.DetectOpenVocabulary("detector", labels: ["mug"]).Fit(mlContext.Data.LoadFromEnumerable([new { Image = "photo.jpg" }]));
    }

    [GeneratedRegex(@"```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Json();
}
