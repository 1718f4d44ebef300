using System.Text;

namespace Microsoft.ML.DetClip.Tests;

public class ClipTokenizerTests
{
    private static readonly ClipTokenizer Bytes = BytePairLearner.Learn([], 0);
    private static readonly ClipTokenizer Learned = BytePairLearner.Learn(RandomText.Captions(seed: 3, count: 500), 300);

    [Fact]
    public void Ids_are_bytes_then_bytes_that_end_a_word_then_merges_then_marks()
    {
        Assert.Equal(514, Bytes.VocabularySize);
        Assert.Equal([512, 'a' - '!', 256 + 'b' - '!', 513], Bytes.Encode("AB"));
        Assert.Equal(514 + Learned.Vocabulary.Merges.Count, Learned.VocabularySize);
        Assert.Equal(512, Learned.Vocabulary.Ids[Learned.Vocabulary.Merges[0].Left + Learned.Vocabulary.Merges[0].Right]);
    }

    [Fact]
    public void Decoding_gives_back_the_cleaned_text_but_for_spaces_between_words()
    {
        foreach (var text in RandomText.Many(seed: 4, count: 2000))
        {
            var cleaned = ClipText.Clean(text);
            var words = ClipText.Split(cleaned).Select(w => cleaned.Substring(w.Offset, w.Length));
            Assert.Equal(string.Join(' ', words), Learned.Decode(Learned.Encode(text)));
        }
    }

    [Fact]
    public void Every_id_is_below_the_vocabulary_size_and_marks_frame_the_text()
    {
        foreach (var text in RandomText.Many(seed: 5, count: 500))
        {
            var ids = Learned.Encode(text);
            Assert.All(ids, id => Assert.InRange(id, 0, Learned.VocabularySize - 1));
            Assert.Equal((Learned.VocabularySize - 2, Learned.VocabularySize - 1), (ids[0], ids[^1]));
        }
    }

    [Fact]
    public void Encoding_equals_merging_the_first_learned_pair_again_and_again()
    {
        var texts = RandomText.Captions(seed: 6, count: 200).Concat(RandomText.Many(seed: 6, count: 500));

        Assert.All(texts, text => Assert.Equal(EncodePlainly(Learned.Vocabulary, text), Learned.Encode(text)));
    }

    [Fact]
    public void Marks_inside_a_text_become_the_marks() =>
        Assert.Equal([512, 512, 513, 256 + 'x' - '!', 513], Bytes.Encode("<|startoftext|><|EndOfText|> X"));

    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\u00A0")]
    public void An_empty_text_is_two_marks(string text) => Assert.Equal([512, 513], Bytes.Encode(text));

    [Fact]
    public void Decode_reads_to_the_end_mark_and_refuses_other_ids()
    {
        Assert.Equal("ab", Bytes.Decode([512, 'a' - '!', 256 + 'b' - '!', 513, 0, 0]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.Decode([514]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Bytes.Decode([-1]));
    }

    [Fact]
    public void Many_threads_read_the_same_ids()
    {
        var texts = RandomText.Captions(seed: 7, count: 300).ToArray();
        var expected = texts.Select(Learned.Encode).ToArray();
        var fresh = BytePairLearner.Learn(RandomText.Captions(seed: 3, count: 500), 300);

        Parallel.For(0, texts.Length * 4, i => Assert.Equal(expected[i % texts.Length], fresh.Encode(texts[i % texts.Length])));
    }

    // Sennrich et al. 2016, as CLIP writes it: find the pair that was learned first, join it everywhere, repeat.
    private static List<int> EncodePlainly(ClipVocabulary vocabulary, string text)
    {
        var cleaned = ClipText.Clean(text);
        var ids = new List<int> { vocabulary.Start };
        foreach (var (offset, length) in ClipText.Split(cleaned))
        {
            var symbols = Encoding.UTF8.GetBytes(cleaned.Substring(offset, length)).Select(b => vocabulary.Symbols[ByteSymbols.IdOf(b)]).ToList();
            symbols[^1] += ByteSymbols.EndOfWord;
            foreach (var (left, right) in vocabulary.Merges)
                for (var i = 0; i + 1 < symbols.Count; i++)
                    if (symbols[i] == left && symbols[i + 1] == right)
                    {
                        symbols[i] += right;
                        symbols.RemoveAt(i + 1);
                    }
            ids.AddRange(symbols.Select(s => vocabulary.Ids[s]));
        }
        return [.. ids, vocabulary.End];
    }
}
