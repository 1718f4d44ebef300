using System.Text;

namespace Microsoft.ML.DetClip.Tests;

public class BytePairLearnerTests
{
    private static readonly string[] Bytes = [.. ByteSymbols.InOrderOfIds];
    private static readonly string[] Corpus = [.. RandomText.Captions(seed: 11, count: 400)];

    [Fact]
    public void The_most_frequent_pair_comes_first_and_ties_go_to_the_one_that_sorts_first()
    {
        // Sennrich et al. 2016, figure 1: low ×5, lower ×2, newest ×6, widest ×3.
        string[] words = [.. Repeat("low", 5), .. Repeat("lower", 2), .. Repeat("newest", 6), .. Repeat("widest", 3)];

        var merges = BytePairLearner.Learn(words, 6).Vocabulary.Merges;

        Assert.Equal([("e", "s"), ("es", "t</w>"), ("l", "o"), ("e", "w"), ("ew", "est</w>"), ("n", "ewest</w>")], merges);
    }

    [Fact]
    public void The_order_of_the_corpus_does_not_matter()
    {
        var shuffled = Corpus.ToArray();
        new Random(1).Shuffle(shuffled);

        Assert.Equal(BytePairLearner.Learn(Corpus, 200).Vocabulary.Merges, BytePairLearner.Learn(shuffled, 200).Vocabulary.Merges);
    }

    [Fact]
    public void Fewer_merges_are_the_first_of_more_and_more_never_lengthen_a_text()
    {
        var few = BytePairLearner.Learn(Corpus, 60);
        var more = BytePairLearner.Learn(Corpus, 250);

        Assert.Equal(few.Vocabulary.Merges, more.Vocabulary.Merges.Take(60));
        foreach (var text in RandomText.Captions(seed: 12, count: 300).Concat(RandomText.Many(seed: 12, count: 300)))
            Assert.True(more.Encode(text).Count <= few.Encode(text).Count, text);
    }

    [Fact]
    public void Counts_kept_up_to_date_equal_counts_made_anew()
    {
        Assert.Equal(LearnPlainly(Corpus, 120), BytePairLearner.Learn(Corpus, 120).Vocabulary.Merges);
        Assert.Equal(LearnPlainly(["aaaaa aaab", "abab aaaa", "aabaab"], 20), BytePairLearner.Learn(["aaaaa aaab", "abab aaaa", "aabaab"], 20).Vocabulary.Merges);
    }

    [Fact]
    public void Learning_stops_where_no_pair_occurs_twice()
    {
        var tokenizer = BytePairLearner.Learn(["abc abc xyz"], 1000);

        Assert.Equal([("a", "b"), ("ab", "c</w>")], tokenizer.Vocabulary.Merges);
    }

    [Fact]
    public void No_two_merges_make_the_same_symbol()
    {
        var merges = BytePairLearner.Learn(Corpus, 1000).Vocabulary.Merges;

        Assert.Equal(merges.Count, merges.Select(m => m.Left + m.Right).Distinct().Count());
    }

    [Fact]
    public void Marks_in_the_corpus_are_not_learned() => Assert.Equal(514, BytePairLearner.Learn(Repeat("<|endoftext|>", 9), 100).VocabularySize);

    [Theory]
    [InlineData(-1)]
    [InlineData(48895)]
    public void Numbers_of_merges_that_no_file_could_hold_are_refused(int mergeCount) =>
        Assert.Throws<ArgumentOutOfRangeException>("mergeCount", () => BytePairLearner.Learn([], mergeCount));

    private static IEnumerable<string> Repeat(string text, int count) => Enumerable.Repeat(text, count);

    private static List<(string, string)> LearnPlainly(IEnumerable<string> corpus, int mergeCount)
    {
        var words = corpus.SelectMany(text => Split(ClipText.Clean(text))).ToList();
        var merges = new List<(string Left, string Right)>();
        while (merges.Count < mergeCount)
        {
            var made = merges.Select(m => m.Left + m.Right).ToHashSet();
            var best = words.SelectMany(w => w.Zip(w.Skip(1))).CountBy(pair => pair)
                .Where(p => p.Value > 1 && !made.Contains(p.Key.First + p.Key.Second))
                .OrderByDescending(p => p.Value).ThenBy(p => p.Key.First, StringComparer.Ordinal).ThenBy(p => p.Key.Second, StringComparer.Ordinal)
                .FirstOrDefault();
            if (best.Value == 0) break;
            merges.Add(best.Key);
            foreach (var word in words)
                for (var i = 0; i + 1 < word.Count; i++)
                    if ((word[i], word[i + 1]) == best.Key)
                    {
                        word[i] += word[i + 1];
                        word.RemoveAt(i + 1);
                    }
        }
        return merges;
    }

    private static IEnumerable<List<string>> Split(string cleaned) => ClipText.Split(cleaned).Select(word =>
    {
        var symbols = Encoding.UTF8.GetBytes(cleaned.Substring(word.Offset, word.Length)).Select(b => Bytes[ByteSymbols.IdOf(b)]).ToList();
        symbols[^1] += ByteSymbols.EndOfWord;
        return symbols;
    });
}
