namespace Microsoft.ML.DetClip.Tests;

public class ConceptTests
{
    public static TheoryData<Func<Concept, Concept>> Changes => new(
        c => c with { Name = "x" }, c => c with { Definition = "x" }, c => c with { Synonyms = ["hound"] }, c => c with { Combination = PhraseCombination.MaxScore },
        c => c with { Negatives = [] }, c => c with { Threshold = null }, c => c with { Parent = "thing" },
        c => c with { Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Hund"] } });

    [Fact]
    public void A_name_is_a_concept_that_says_nothing_more()
    {
        Concept concept = "mug";

        Assert.Equal(new Concept("mug"), concept);
        Assert.Equal(("mug", null, "mug", PhraseCombination.MaxScore, null, null), (concept.Name, concept.Definition, concept.Sentence, concept.Combination, concept.Threshold, concept.Parent));
        Assert.Empty(concept.Synonyms);
        Assert.Empty(concept.Negatives);
        Assert.Empty(concept.Aliases);
    }

    [Fact]
    public void Concepts_that_say_the_same_are_equal()
    {
        Assert.Equal(Dog(), Dog());
        Assert.Equal(Dog().GetHashCode(), Dog().GetHashCode());
        Assert.Equal(Dog(), Dog() with { Aliases = new Dictionary<string, IReadOnlyList<string>> { ["fr"] = ["chien"], ["DE"] = ["Hund", "Köter"] } });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_concept_that_says_anything_else_is_another(Func<Concept, Concept> change) => Assert.NotEqual(Dog(), change(Dog()));

    [Fact]
    public void A_concept_keeps_its_words_when_the_list_that_it_was_made_of_changes()
    {
        var words = new List<string> { "couch" };
        var concept = new Concept("sofa") { Synonyms = words };

        words[0] = "table";

        Assert.Equal(["couch"], concept.Synonyms);
    }

    [Fact]
    public void Synonyms_share_the_definition() =>
        Assert.Equal(["dog, a pet", "hound, a pet", "pooch, a pet"], Dog().Sentences);

    [Theory]
    [InlineData("de", "Hund")]
    [InlineData("DE", "Hund")]
    [InlineData("de-AT", "Hund")]
    [InlineData("fr", "chien")]
    [InlineData("d", "dog")]
    [InlineData("en", "dog")]
    public void A_label_is_the_first_alias_of_the_culture_or_of_the_one_it_belongs_to(string culture, string label) => Assert.Equal(label, Dog().LabelIn(culture));

    private static Concept Dog() => new("dog", "a pet")
    {
        Synonyms = ["hound", "pooch"],
        Combination = PhraseCombination.MeanEmbedding,
        Negatives = ["toy dog"],
        Threshold = 0.3f,
        Parent = "animal",
        Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Hund", "Köter"], ["fr"] = ["chien"] },
    };
}
