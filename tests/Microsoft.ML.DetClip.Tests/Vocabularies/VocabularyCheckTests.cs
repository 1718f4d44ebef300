using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public class VocabularyCheckTests
{
    [Theory]
    [InlineData("NearDuplicate zebra|zebras", "zebra", "zebras")]
    [InlineData("NearDuplicate knives|knife", "knives", "knife")]
    [InlineData("NearDuplicate t-shirt|T shirt", "t-shirt", "mug", "T shirt")]
    [InlineData("NearDuplicate sunflower|sunflowr", "sunflower", "sunflowr")]
    [InlineData("NearDuplicate sunflower|snuflower", "sunflower", "snuflower")]
    [InlineData("NearDuplicate sunflower|sunflovver", "sunflower", "sunflovver", false)] // two letters
    [InlineData("NearDuplicate sunflower|sunblower", "sunflower", "sunblower")]
    [InlineData("NearDuplicate sunflower|xunflower", "sunflower", "xunflower")]
    [InlineData("NearDuplicate sunflower|sunflowers", "sunflower", "sunflowers")]
    [InlineData("NearDuplicate horse|house", "horse", "house", false)]
    [InlineData("Contained light|traffic light", "traffic light", "light")]
    [InlineData("Contained traffic light|old Traffic  light pole", "traffic light", "old Traffic  light pole")]
    [InlineData("Contained car|cart", "car", "cart", false)]
    public void Names_that_are_alike_are_found(string warning, params object[] names)
    {
        var isFound = names[^1] is not false;
        var warnings = new Vocabulary(names.OfType<string>().Select(n => new Concept(n))).Check().Select(Show);

        Assert.Equal(isFound ? [warning] : [], warnings);
    }

    [Fact]
    public void Names_that_know_each_other_are_no_warning()
    {
        Vocabulary vocabulary = [new("light") { Negatives = ["Traffic light"] }, "traffic light", "dog", new("hot dog") { Parent = "dog" }, new("corn dog")];

        Assert.Equal(["Contained dog|corn dog"], vocabulary.Check().Select(Show));
    }

    [Fact]
    public void A_word_for_two_concepts_is_found()
    {
        Vocabulary vocabulary =
        [
            new("frying pan") { Synonyms = ["skillet"] }, new("pot") { Synonyms = ["Skillet"], Aliases = new Dictionary<string, IReadOnlyList<string>> { ["de"] = ["Topf"] } },
            new("bowl") { Synonyms = ["bowl"] },
        ];

        Assert.Equal(["SharedWord frying pan|pot"], vocabulary.Check().Select(Show));
    }

    [Fact]
    public void A_detector_shows_what_it_cuts_and_what_it_cannot_tell_apart()
    {
        // To the toy, words of one first letter have one direction.
        Vocabulary vocabulary = ["red", "green", new("ruby", "a stone"), new("blue") { Synonyms = ["blue like the sky above"] }];

        var warnings = vocabulary.Check(ToyDetector.Model);

        Assert.Equal(["NearDuplicate red|ruby", "Cut blue|"], warnings.Select(Show));
        Assert.Contains("(cosine 1.000)", warnings[0].Message, StringComparison.Ordinal);
        Assert.EndsWith("it does not see 'above'.", warnings[1].Message, StringComparison.Ordinal);
        Assert.Empty(new Vocabulary(["red", "green"]).Check(ToyDetector.Model, similarity: 0.1));
        Assert.Single(new Vocabulary(["red", "green"]).Check(ToyDetector.Model, similarity: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => vocabulary.Check(ToyDetector.Model, similarity: 1.1));
    }

    [Fact]
    public void A_word_that_the_tokenizer_shatters_is_found()
    {
        var tokenizer = BytePairLearner.Learn(Enumerable.Repeat("a red mug on the table", 5), mergeCount: 40);

        var warnings = TokenCheck.Shattered(["red mug", new("table") { Synonyms = ["(xylophone) table"] }, "qi", "(((a)))"], tokenizer).ToArray();

        var warning = Assert.Single(warnings);
        Assert.Equal("Shattered table|", Show(warning));
        Assert.StartsWith("'xylophone' is ", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_one_letter_apart_are_those_that_a_comparison_of_all_pairs_finds()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            string[] names = [.. Enumerable.Range(0, 12).Select(_ => Word(random)).Distinct()];

            var found = new Vocabulary(names.Select(n => new Concept(n))).Check().Select(w => w.Other);

            Assert.Equal(names.Where((name, i) => names[..i].Any(before => Distance(before, name) == 1)), found);
        }
    }

    [SharedFact("data/vocab/lvis_v1_train_cat_info.json")]
    public void LVIS_has_names_inside_of_names()
    {
        var warnings = Vocabulary.Load(SharedData.Path("data/vocab/lvis_v1_train_cat_info.json")).Check().Select(Show).ToArray();

        Assert.Contains("Contained bear|polar bear", warnings);
        Assert.InRange(warnings.Length, 50, 1000);
    }

    private static string Word(Random random) => new([.. Enumerable.Range(0, random.Next(7, 10)).Select(_ => (char)('a' + random.Next(2)))]);

    // Optimal string alignment: letters more, less, other, or two neighbours swapped.
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                d[i, j] = Math.Min(Math.Min(d[i - 1, j], d[i, j - 1]) + 1, d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }

    private static string Show(VocabularyWarning warning) => $"{warning.Kind} {warning.Name}|{warning.Other}";
}
