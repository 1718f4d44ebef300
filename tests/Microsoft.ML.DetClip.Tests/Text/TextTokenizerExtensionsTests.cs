namespace Microsoft.ML.DetClip.Tests;

public class TextTokenizerExtensionsTests
{
    private static readonly ClipTokenizer Tokenizer = BytePairLearner.Learn(RandomText.Captions(seed: 21, count: 300), 200);

    [Fact]
    public void Rows_are_the_ids_with_zeros_behind_or_cut_with_the_end_mark_last()
    {
        foreach (var text in RandomText.Many(seed: 22, count: 500))
        {
            var ids = Tokenizer.Encode(text);
            var row = Tokenizer.EncodePadded(text, 10);

            Assert.Equal(10, row.Ids.Count);
            Assert.Equal(Math.Min(ids.Count, 10), row.Count);
            Assert.Equal(ids.Take(row.Count - 1), row.Ids.Take(row.Count - 1));
            Assert.Equal(Tokenizer.VocabularySize - 1, row.Ids[row.Count - 1]);
            Assert.All(row.Ids.Skip(row.Count), id => Assert.Equal(0, id));
            Assert.Equal(ids.Count > 10, row.WasCut);
        }
    }

    [Fact]
    public void Lost_text_is_the_end_of_the_text_as_given_and_with_what_is_read_all_of_it()
    {
        foreach (var text in RandomText.Captions(seed: 23, count: 300).Select(t => $" {t.ToUpperInvariant()}  end. "))
        {
            var row = Tokenizer.EncodePadded(text, 8);
            if (!row.WasCut) continue;

            Assert.EndsWith(row.LostText, text.TrimEnd());
            Assert.Equal(Letters(text), Letters(Tokenizer.Decode(row.Ids)) + Letters(row.LostText));
        }

        static string Letters(string text) => text.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
    }

    [Theory]
    [InlineData("air_conditioner", 7, "onditioner")]
    [InlineData("The Bookshelf", 9, "shelf")]
    [InlineData("the sea  ", 6, "ea")]
    [InlineData("a sea-side   house", 7, "side   house")]
    [InlineData("the shelf", 5, "shelf")]
    [InlineData("ab\u00e9d", 5, "\u00e9d")] // of é one byte of two is read
    [InlineData("salt&amp;pepper", 6, "salt&amp;pepper")] // read otherwise than it is written
    public void Of_a_word_that_is_cut_the_letters_are_lost_that_are_not_read(string text, int length, string lost) =>
        Assert.Equal(lost, BytePairLearner.Learn([], mergeCount: 0).EncodePadded(text, length).LostText);

    [Fact]
    public void Many_texts_are_rows_one_after_another_and_cuts_are_reported()
    {
        string[] texts = ["cat", "", "a word too many for this"];
        var cuts = new List<(int, string)>();

        var rows = Tokenizer.EncodePadded(texts, 6, (k, cut) => cuts.Add((k, cut.LostText)));

        Assert.Equal(texts.SelectMany(t => Tokenizer.EncodePadded(t, 6).Ids).Select(id => (long)id), rows);
        Assert.Equal([(2, Tokenizer.EncodePadded(texts[2], 6).LostText)], cuts);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0)]
    [InlineData(-5)]
    public void A_row_without_room_for_both_marks_is_refused(int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Tokenizer.EncodePadded("cat", length));
        Assert.Throws<ArgumentOutOfRangeException>("length", () => Tokenizer.EncodePadded(["cat"], length));
    }
}
