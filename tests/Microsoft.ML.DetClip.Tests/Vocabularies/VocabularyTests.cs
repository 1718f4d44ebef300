using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public sealed class VocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_vocabulary_is_its_concepts()
    {
        Vocabulary vocabulary = ["dog", new("bass", "a fish")];

        Assert.Equal(["dog", new("bass", "a fish")], vocabulary);
        Assert.Equal((2, new Concept("bass", "a fish")), (vocabulary.Count, vocabulary[1]));
        Assert.Equal(vocabulary, new(["dog", new("bass", "a fish")]));
        Assert.Equal(vocabulary.GetHashCode(), new Vocabulary(["dog", new("bass", "a fish")]).GetHashCode());
        Assert.NotEqual(vocabulary, new([new("bass", "a fish"), "dog"]));
    }

    [Fact]
    public void Every_fault_is_named_at_once()
    {
        Concept[] concepts =
        [
            "dog", " ", " Dog ", new("a") { Parent = "B" }, new("b") { Parent = "c" }, new("c") { Parent = "a" }, new("self") { Parent = "self" }, new("d") { Parent = "dogg" },
            new("e") { Threshold = 1.5f }, new("f") { Threshold = float.NaN }, new("g") { Synonyms = ["h", ""], Negatives = ["H"] },
            new("i") { Negatives = [" "], Aliases = new Dictionary<string, IReadOnlyList<string>> { [" "] = ["x"] }, Combination = (PhraseCombination)7 },
        ];

        var thrown = Assert.Throws<ArgumentException>(() => new Vocabulary(concepts));

        Assert.Equal("The vocabulary has no name at 1; The vocabulary names a class more than once: 'dog' at 0, 2; 'e' has the threshold 1.5, allowed: 0 to 1; " +
            "'f' has the threshold NaN, allowed: 0 to 1; 'g' has a blank synonym; 'g' has the negative 'H', which is itself; 'i' has a blank negative; 'i' has a blank alias or culture; " +
            "'i' has the combination 7, allowed: MaxScore, MeanEmbedding; parents go in a circle: 'a' → 'b' → 'c' → 'a'; parents go in a circle: 'self' → 'self'; " +
            "'d' has the unknown parent 'dogg'.", thrown.Message);
        Assert.StartsWith("The vocabulary is empty", Assert.Throws<ArgumentException>(() => new Vocabulary([])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pan", "pan")]
    [InlineData(" Frying  PAN ", "frying pan")]
    [InlineData("skillet", "frying pan")]
    [InlineData("Pfanne", "frying pan")]
    [InlineData("Topf", "pan")]
    [InlineData("wok", null)]
    public void A_word_is_first_a_name_then_a_synonym_then_an_alias(string word, string? name)
    {
        Vocabulary vocabulary =
        [
            new("frying pan") { Synonyms = ["skillet", "pan"], Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Pfanne"] } },
            new("pan") { Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Topf", "skillet"] } },
        ];

        Assert.Equal(name, vocabulary.Find(word)?.Name);
        Assert.Equal(["Pfanne", "Topf"], vocabulary.LabelsIn("de-CH"));
    }

    [Fact]
    public void Of_chosen_concepts_the_parent_is_the_next_chosen_ancestor()
    {
        Vocabulary vocabulary = ["thing", new("animal") { Parent = "thing" }, new("dog") { Parent = "animal", Synonyms = ["hound"] }];

        Assert.Equal(["thing", new Concept("dog") { Parent = "thing", Synonyms = ["hound"] }, "mug"], vocabulary.Choose(["thing", "hound", "mug"]));
        Assert.Null(vocabulary.Choose(["dog"])[0].Parent);
    }

    [Fact]
    public void What_is_saved_is_loaded_as_it_was()
    {
        Vocabulary vocabulary =
        [
            "mug", new("bass", "a \"low\" tone\n< 100 Hz"), new("thing") { Threshold = 0.1f },
            new("Käfer") { Synonyms = ["bug", "béte"], Combination = PhraseCombination.MeanEmbedding, Negatives = ["car"], Parent = "thing" },
            new("my mug") { Group = "cups", Embedding = new("00ff", [1, -0.5f, 1e-7f]) },
            new("dog") { Threshold = 0, Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Hund"], ["ja"] = ["犬", "イヌ"] } },
        ];
        var path = _folder.PathOf("new/vocabulary.json");

        vocabulary.Save(path);

        Assert.Equal(vocabulary, Vocabulary.Load(path));
        Assert.Contains("\"Käfer\"", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Theory]
    [InlineData("a.txt", "bow\nbass\ta fish")]
    [InlineData("a.json", """["bow", {"name": "bass", "definition": "a fish"}]""")]
    [InlineData("a.json", """{"bow": null, "bass": "a fish"}""")]
    [InlineData("a.json", """{"concepts": ["bow", {"name": "bass", "definition": "a fish"},], /* by hand */ "format": 1}""")]
    public void Text_and_plain_JSON_are_read(string file, string text) => Assert.Equal(["bow", new Concept("bass", "a fish")], Load(file, text));

    [Fact]
    public void Categories_of_COCO_and_LVIS_are_read()
    {
        Assert.Equal(["traffic light", "dog"], Load("c.json",
            """{"info": {"year": 2017}, "images": [{"id": 1, "name": "x"}], "categories": [{"supercategory": "outdoor", "id": 10, "name": "traffic light"}, {"id": 18, "name": "dog"}], "annotations": []}"""));
        Assert.Equal([new Concept("spray can", "it sprays") { Synonyms = ["aerosol bottle"] }, new("bow (weapon)", "it shoots")], Load("l.json",
            """
            [{"name": "spray_can", "instance_count": 109, "def": "it sprays", "synonyms": ["spray_can", "aerosol_bottle"], "id": 1, "frequency": "c", "synset": "aerosol.n.02"},
             {"id": 2, "name": "bow_(weapon)", "def": "it shoots", "synonyms": ["bow_(weapon)"]}]
            """));
    }

    [Theory]
    [InlineData("a.json", """{"concepts": [{"name": "a", "embedding": [1, 2]}]}""", "embedding must be an object")]
    [InlineData("a.json", """{"concepts": [{"name": "a", "embedding": {"values": ["x"]}}]}""", "values must be numbers")]
    [InlineData("a.json", "{\"concepts\": [\n{\"name\": \"a\", \"synonym\": [\"b\"]}]}", "line 2, byte 26: 'synonym' is unknown; a concept has name, ")]
    [InlineData("a.json", "{\"concepts\": [\n{\"name\": \"a\", \"threshold\": \"high\"}]}", "line 2, byte 28: threshold must be a number")]
    [InlineData("a.json", "{\"concepts\": [\n{\"name\": \"a\", \"synonyms\": \"b\"}]}", "line 2, byte 27: it must be a list of texts")]
    [InlineData("a.json", "{\"concepts\": [\n{\"name\": \"a\", \"aliases\": [\"b\"]}]}", "line 2, byte 26: aliases must be an object")]
    [InlineData("a.json", "{\"concepts\": [\n{\"name\": \"a\", \"combination\": \"sum\"}]}", "line 2, byte 30: combination must be one of maxScore, meanEmbedding")]
    [InlineData("a.json", "{\n\"format\": 2, \"concepts\": []}", "line 2, byte 11: the vocabulary has format 2; this version")]
    [InlineData("a.json", "[\"a\",\n{\"name\": \"a\", \"parent\": \"b\"}]", "line 2, byte 1: 'a' is described in another way than in line 1, byte 2")]
    [InlineData("a.json", "[\"a\", \"A\", {\"name\": \"b\", \"threshold\": 2}]", "The vocabulary names a class more than once: 'a' at 0, 1; 'b' has the threshold 2, allowed: 0 to 1.")]
    [InlineData("a.txt", "\n\n", "The vocabulary is empty")]
    public void What_is_wrong_with_a_file_is_said_with_its_place(string file, string text, string message)
    {
        var thrown = Assert.Throws<InvalidDataException>(() => Load(file, text));

        Assert.Contains(file + "'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(message, thrown.Message, StringComparison.Ordinal);
    }

    [SharedFact("data/vocab/lvis_v1_train_cat_info.json", "data/vocab/coco_80_categories.json")]
    public void The_published_categories_are_read()
    {
        var lvis = Vocabulary.Load(SharedData.Path("data/vocab/lvis_v1_train_cat_info.json"));

        Assert.Equal(80, Vocabulary.Load(SharedData.Path("data/vocab/coco_80_categories.json")).Count);
        Assert.Equal(1203, lvis.Count);
        Assert.Equal(new Concept("aerosol can", "a dispenser that holds a substance under pressure") { Synonyms = ["spray can"] }, lvis.Find("Spray can"));
        lvis.Save(_folder.PathOf("lvis.json"));
        Assert.Equal(lvis, Vocabulary.Load(_folder.PathOf("lvis.json")));
    }

    private Vocabulary Load(string file, string text)
    {
        File.WriteAllText(_folder.PathOf(file), text);
        return Vocabulary.Load(_folder.PathOf(file));
    }
}
