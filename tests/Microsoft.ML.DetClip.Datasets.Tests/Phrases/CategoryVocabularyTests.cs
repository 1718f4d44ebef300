using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class CategoryVocabularyTests : TempFolder
{
    private const string Lvis = """[{"id": 5, "name": "bow_(weapon)", "synonyms": ["bow_(weapon)", "longbow"], "synset": "bow.n.02", "frequency": "r"}, {"id": 7, "name": "handbag", "def": "a bag"}]""";

    [Theory]
    [InlineData("a.json", """["cup", "tree"]""", "1 cup|2 tree")]
    [InlineData("a.json", """{"images": [], "categories": [{"id": 4, "name": " cup "}]}""", "4 cup")]
    [InlineData("a.csv", "1,Cup,Cupp\n3,Table Tennis ,Table Tennis \n", "1 Cup|3 Table Tennis")]
    public void Lists_of_all_layouts_are_read(string file, string text, string categories) =>
        Assert.Equal(categories, string.Join('|', CategoryVocabulary.Load(Write(file, text)).Select(c => $"{c.Id} {c.Name}")));

    [Fact]
    public void Lvis_gives_definitions_synonyms_and_synsets()
    {
        var categories = CategoryVocabulary.Load(Write("l.json", Lvis));

        Assert.Equal(("bow.n.02", "r", "longbow"), (categories[0].Synset, categories[0].Frequency, categories[0].Synonyms[1]));
        Assert.Equal("a bag", categories[1].Definition);
    }

    [Fact]
    public void Names_are_defined_by_themselves_by_hints_and_by_synsets()
    {
        var second = "00000024 06 n 01 bow 0 000 | it shoots arrows; \"bend a bow\"";
        Write("index.noun", "bow n 2 0 2 0 00000000 00000024  \n");
        Write("data.noun", $"{"00000000 n | a knot",-23}\n{second}\n");
        var lvis = CategoryVocabulary.Load(Write("l.json", Lvis));

        var defined = CategoryVocabulary.Define([new(1, "Handbag/Satchel"), new(2, "Longbow"), new(3, "Bow"), new(4, "Gizmo")], lvis, Folder);

        Assert.Equal(["a bag", "it shoots arrows", "a knot", null], defined.Concepts.Select(c => c.Definition));
    }

    [Theory]
    [InlineData("a.json", "[5]", "category 1 has no name")]
    [InlineData("a.json", "[]", "holds no categories")]
    [InlineData("a.csv", "cup\n", "line 1: it is not a number, a comma and a name")]
    public void What_is_wrong_is_said(string file, string text, string problem) =>
        Assert.Contains(problem, Assert.Throws<InvalidDataException>(() => CategoryVocabulary.Load(Write(file, text))).Message);

    [SharedFact("data/vocab")]
    public void Most_names_of_objects365_are_defined_by_lvis_and_wordnet()
    {
        var lvis = CategoryVocabulary.Load(SharedData.Path("data/vocab/lvis_v1_train_cat_info.json"));
        var objects = CategoryVocabulary.Load(SharedData.Path("data/vocab/objects365_v2_names_fix.csv"));

        Assert.Equal((1203, 365), (lvis.Count, objects.Count));
        Assert.All(CategoryVocabulary.Define(lvis).Concepts, concept => Assert.NotNull(concept.Definition));
        Assert.True(CategoryVocabulary.Define(objects, lvis).Concepts.Count(c => c.Definition is not null) > 200);
    }
}
