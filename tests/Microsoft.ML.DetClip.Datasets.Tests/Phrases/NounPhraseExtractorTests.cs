using Microsoft.ML.DetClip.Testing;
using Xunit.Abstractions;

namespace Microsoft.ML.DetClip.Datasets.Tests;

public class NounPhraseExtractorTests(ITestOutputHelper output) : TempFolder
{
    [Theory]
    [InlineData("A red fire hydrant by the street.", "red fire hydrant|street")]
    [InlineData("The man eats a hot dog and a dog runs", "man|hot dog|dog")] // the longest noun, so no dog in it
    [InlineData("Two big red cars, three mice; the women's umbrella", "big red cars|mice|women|umbrella")]
    [InlineData("A bunch of people in front of a building", "people|building")]
    [InlineData("A man is sitting on the bench.", "man|bench")]
    [InlineData("A fire sink, people sink", "fire sink|people")] // a verb without ending needs a subject in plural
    [InlineData("A man building a bench", "man|bench")]
    [InlineData("The dog and the dog", "dog")]
    [InlineData("It is what it is", "")]
    [InlineData("", "")]
    public void Phrases_are_adjectives_and_nouns(string caption, string phrases) =>
        Assert.Equal(phrases, string.Join('|', Small().Extract(caption)));

    [Fact]
    public void Image_text_pairs_get_the_phrases_of_their_captions_as_labels()
    {
        var path = Write("t.tsv", "A red fire hydrant by the street.\thttp://x/a.jpg\n");
        Small();

        var sample = Assert.Single(DatasetFormat.Named("cc3m").Read(path, new() { NounPhrases = NounPhraseExtractor.LoadWordNet(Folder) }));

        Assert.Equal(["red fire hydrant", "street"], sample.Labels);
        Assert.Empty(sample.Boxes);
    }

    [Fact]
    public void A_missing_file_is_named() => Assert.Contains("index.noun", Assert.Throws<FileNotFoundException>(() => NounPhraseExtractor.LoadWordNet(Folder)).Message);

    [WordNetFact("data/coco-mini")]
    public void Most_boxed_categories_that_captions_name_are_found()
    {
        var extractor = NounPhraseExtractor.LoadWordNet(WordNetFactAttribute.Folder);
        var (named, found, boxed) = (0, 0, 0);
        var (missed, phrases) = (new List<string>(), new Dictionary<string, int>());
        foreach (var part in new[] { "train2017", "val2017" })
        {
            var images = SharedData.Path($"data/coco-mini/{part}");
            var boxes = CocoDataset.Load(SharedData.Path($"data/coco-mini/annotations/instances_{part}.json"), images).Samples.ToDictionary(s => s.ImageId);
            foreach (var caption in CocoCaptions.Load(SharedData.Path($"data/coco-mini/annotations/captions_{part}.json"), images).Samples)
            {
                var extracted = extractor.Extract(caption.Caption);
                foreach (var phrase in extracted) phrases[phrase] = phrases.GetValueOrDefault(phrase) + 1;
                foreach (var category in boxes[caption.ImageId].Labels.Distinct())
                {
                    boxed++;
                    if (!Names(CaptionWords.All(caption.Caption), category)) continue;
                    named++;
                    if (extracted.Any(phrase => EndsIn(phrase, category))) found++;
                    else missed.Add($"{category}: {caption.Caption} → {string.Join(" | ", extracted)}");
                }
            }
        }
        output.WriteLine($"{boxed} categories boxed on captioned images, {named} of them named by the caption, {found} found as the head of a phrase: recall {(double)found / named:P1}");
        output.WriteLine($"missed, for example:\n  {string.Join("\n  ", missed.Take(25))}");
        output.WriteLine($"most frequent phrases: {string.Join(", ", phrases.OrderByDescending(p => p.Value).Take(80).Select(p => $"{p.Key} {p.Value}"))}");

        Assert.True(found > 0.85 * named, $"{found} of {named}");
    }

    private static bool Names(IReadOnlyList<string> words, string category) => Numbers(category)
        .Any(form => $" {string.Join(' ', words)} ".Contains($" {form} ", StringComparison.Ordinal));

    private static bool EndsIn(string phrase, string category) => Numbers(category).Any(form => $" {phrase}".EndsWith($" {form}", StringComparison.Ordinal));

    private static string[] Numbers(string name) => [name, name + "s", name + "es", name[..^1] + "ies", name[..^2] + "ves", name.Replace("person", "people"), name.Replace("mouse", "mice")];

    // WordNet's layout with words of our own.
    private NounPhraseExtractor Small()
    {
        static string Index(params string[] lemmas) => $"  1 licence\n{string.Concat(lemmas.Select(lemma => $"{lemma} n 1 0 1 0 00000000  \n"))}";
        Write("index.noun", Index("hydrant", "fire_hydrant", "fire", "street", "man", "dog", "hot_dog", "car", "mouse", "woman", "umbrella", "bunch", "people", "front", "building", "bench", "sitting", "run", "red", "sink"));
        Write("index.verb", Index("run", "sink", "sit", "eat", "build", "man", "dog"));
        Write("index.adj", Index("red", "hot", "big", "front"));
        Write("noun.exc", "mice mouse\nwomen woman\n");
        Write("verb.exc", "ran run\n");
        Write("cntlist.rev", "man%1:18:00:: 1 99\nman%2:41:00:: 1 1\ndog%1:05:00:: 1 40\nrun%2:38:00:: 1 90\nrun%1:04:00:: 1 5\nbuilding%1:06:00:: 1 30\nsitting%1:04:00:: 1 1\nsink%2:38:00:: 1 30\nsink%1:06:00:: 1 5\nred%3:00:00:: 1 50\nred%1:07:00:: 1 5\nbroken line\n");
        return NounPhraseExtractor.LoadWordNet(Folder);
    }
}
