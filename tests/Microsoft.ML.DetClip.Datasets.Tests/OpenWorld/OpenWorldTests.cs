using System.Text.Json;
using SkiaSharp;

namespace Microsoft.ML.DetClip.Datasets.Tests;

/// <summary>A world of a few images, written once and read back by this project's readers.</summary>
public sealed class OpenWorldTests(OpenWorldTests.World world) : IClassFixture<OpenWorldTests.World>
{
    private static readonly OpenWorldOptions Tiny = OpenWorldOptions.Medium with
    {
        DetectionImages = 30,
        GroundingImages = 30,
        PairImages = 40,
        MorePairImages = 10,
        EvaluationImages = 30,
    };

    [Fact]
    public void The_same_options_make_the_same_bytes()
    {
        var again = world.Generate("again", Tiny);

        var files = Files(world.Path);
        Assert.Equal(files, Files(again));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(world.Path, file)), File.ReadAllBytes(Path.Combine(again, file))));
    }

    [Fact]
    public void Another_seed_makes_another_world()
    {
        var other = world.Generate("other", Tiny with { Seed = 2 });

        Assert.NotEqual(File.ReadAllText(Path.Combine(world.Path, "definitions.tsv")), File.ReadAllText(Path.Combine(other, "definitions.tsv")));
        Assert.NotEqual(File.ReadAllBytes(Path.Combine(world.Path, "detection/000000.jpg")), File.ReadAllBytes(Path.Combine(other, "detection/000000.jpg")));
    }

    [Fact]
    public void Detection_has_boxes_of_frequent_names_alone()
    {
        var samples = world.Detection;

        Assert.Equal(30, samples.Length);
        Assert.Subset(world.Names("Frequent"), samples.SelectMany(s => s.Labels).ToHashSet());
        Assert.All(samples, AssertImageIsThere);
        Assert.NotEmpty(samples.SelectMany(s => s.Labels));
    }

    [Fact]
    public void Grounding_has_boxes_of_frequent_and_common_names_which_its_captions_say()
    {
        var samples = world.Grounding;

        Assert.Equal(30, samples.Length);
        Assert.All(samples, sample => Assert.All(sample.Labels, label => Assert.Contains(label, sample.Caption)));
        Assert.Subset(world.Names("Frequent", "Common"), samples.SelectMany(s => s.Labels).ToHashSet());
        Assert.Contains(samples.SelectMany(s => s.Labels), world.Names("Common").Contains);
    }

    [Fact]
    public void Pairs_speak_of_rare_names_and_tell_their_phrases()
    {
        var samples = world.Pairs;

        Assert.Equal(40, samples.Length);
        Assert.All(samples, sample => Assert.All(sample.Labels, label => Assert.Contains(label, sample.Caption)));
        Assert.All(samples, sample => Assert.InRange(sample.Labels.Count, 1, 3));
        Assert.Contains(samples.SelectMany(s => s.Labels), world.Names("Rare").Contains);
        Assert.All(samples, sample => Assert.Equal(192, SKBitmap.Decode(sample.ImageBytes.Span).Width));
    }

    [Fact]
    public void Composable_names_are_nowhere_but_in_the_evaluation()
    {
        var composable = world.Names("Composable");
        var said = world.Detection.Concat(world.Grounding).Concat(world.Pairs).SelectMany(s => s.Labels).ToHashSet();

        Assert.Empty(said.Intersect(composable));
        Assert.Subset(composable, world.Composable.SelectMany(s => s.Labels).ToHashSet());
        Assert.NotEmpty(world.Composable.SelectMany(s => s.Labels));
    }

    [Fact]
    public void Words_of_composable_looks_are_words_of_frequent_ones()
    {
        var known = world.Concepts.Where(c => c.Group == "Frequent").SelectMany(c => c.Looks.Split(' ')).ToHashSet();

        Assert.All(world.Concepts.Where(c => c.Group == "Composable"), concept => Assert.Subset(known, concept.Looks.Split(' ').ToHashSet()));
    }

    [Theory]
    [InlineData("Common")]
    [InlineData("Rare")]
    public void Looks_of_other_groups_have_one_new_word(string group)
    {
        var known = world.Concepts.Where(c => c.Group == "Frequent").SelectMany(c => c.Looks.Split(' ')).ToHashSet();

        Assert.All(world.Concepts.Where(c => c.Group == group), concept => Assert.Single(concept.Looks.Split(' '), word => !known.Contains(word)));
    }

    [Fact]
    public void Names_and_looks_are_there_once()
    {
        Assert.Distinct(world.Concepts.Select(c => c.Name));
        Assert.Distinct(world.Concepts.Select(c => c.Looks));
        Assert.Equal(214, world.Concepts.Count);
    }

    [Fact]
    public void The_evaluation_says_of_each_image_which_names_are_absent()
    {
        Assert.All(world.Evaluation, sample =>
        {
            Assert.Empty(sample.AbsentLabels.Intersect(sample.Labels));
            Assert.Equal(196, sample.AbsentLabels.Union(sample.Labels).Count());
        });
    }

    [Fact]
    public void Boxes_lie_inside_and_show_more_than_a_few_pixels()
    {
        var boxes = world.Detection.Concat(world.Grounding).Concat(world.Evaluation).SelectMany(s => s.Boxes).ToArray();

        Assert.All(boxes, box => Assert.True(box is { X0: >= 0, Y0: >= 0, X1: <= 192, Y1: <= 192 } && box.Width > 5 && box.Height > 5, box.ToString()));
    }

    [Fact]
    public void The_large_edition_has_as_many_concepts_as_it_says() =>
        Assert.Equal(350 + 250 + 250 + 130, WorldGrammar.Concepts(OpenWorldOptions.Large).Count);

    [Fact]
    public void Each_edition_has_its_name_and_the_medium_one_is_the_default()
    {
        Assert.Equal(["small", "medium", "large"], new[] { OpenWorldOptions.Small, OpenWorldOptions.Medium, OpenWorldOptions.Large }.Select(edition => edition.Edition));
        Assert.Equal(new OpenWorldOptions(), OpenWorldOptions.Medium);
    }

    [Fact]
    public void The_tokenizer_reads_every_definition_in_sixteen_tokens()
    {
        var tokenizer = ClipTokenizer.Load(Path.Combine(world.Path, "tokenizer.txt"));

        var concepts = ConceptDictionary.Load(Path.Combine(world.Path, "definitions.tsv")).Concepts;

        Assert.Equal(world.Concepts.Select(c => c.Name), concepts.Select(c => c.Name));
        Assert.All(concepts, concept => Assert.False(tokenizer.EncodePadded(concept.Sentence, 16).WasCut, concept.Sentence));
    }

    [Fact]
    public void Bad_options_are_named_all_at_once()
    {
        var e = Assert.Throws<ArgumentException>(() => OpenWorld.Generate("never", OpenWorldOptions.Medium with { Side = 1, MinVisible = 0, WrongMentions = 2 }));

        Assert.Contains("Side is 1", e.Message);
        Assert.Contains("MinVisible is 0", e.Message);
        Assert.Contains("WrongMentions is 2", e.Message);
        Assert.False(Path.Exists("never"));
    }

    [Fact]
    public void More_concepts_than_the_words_make_are_refused()
    {
        var e = Assert.Throws<ArgumentException>(() => OpenWorld.Generate("never", OpenWorldOptions.Medium with { FrequentConcepts = 5000 }));

        Assert.Contains("5000", e.Message);
    }

    private static void AssertImageIsThere(DatasetSample sample)
    {
        using var picture = SKBitmap.Decode(sample.ImagePath);
        Assert.Equal((sample.Width, sample.Height), (picture.Width, picture.Height));
    }

    private static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order()];

    /// <summary>The world that all tests read.</summary>
    public sealed class World : TempFolder
    {
        public World()
        {
            Path = Generate("world", Tiny);
            using var json = JsonDocument.Parse(File.ReadAllBytes(System.IO.Path.Combine(Path, "openworld.json")));
            Assert.Equal(OpenWorld.Version, json.RootElement.GetProperty("version").GetInt32());
            Concepts = [.. json.RootElement.GetProperty("concepts").EnumerateArray()
                .Select(c => (c.GetProperty("Name").GetString()!, c.GetProperty("Group").GetString()!, c.GetProperty("Looks").GetString()!))];
        }

        public string Path { get; }

        public IReadOnlyList<(string Name, string Group, string Looks)> Concepts { get; }

        public DatasetSample[] Detection => Read("coco", "detection.json");

        public DatasetSample[] Grounding => Read("odvg", "grounding.jsonl");

        public DatasetSample[] Pairs => [.. DatasetFormat.Named("webdataset").Read(System.IO.Path.Combine(Path, "pairs.tar"))];

        public DatasetSample[] Evaluation => Read("lvis", "evaluation.json");

        public DatasetSample[] Composable => Read("lvis", "composable.json");

        public HashSet<string> Names(params string[] groups) => [.. Concepts.Where(c => groups.Contains(c.Group)).Select(c => c.Name)];

        public string Generate(string name, OpenWorldOptions options)
        {
            var folder = InFolder(name);
            OpenWorld.Generate(folder, options);
            return folder;
        }

        private DatasetSample[] Read(string format, string file) => [.. DatasetFormat.Named(format).Read(System.IO.Path.Combine(Path, file), new() { ImageFolder = Path })];
    }
}
