using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public class ClipTextTests
{
    // Written by tests/Golden/clip_text/generate.py with ftfy 6.3.1.
    [Fact]
    public void Texts_are_cleaned_and_split_as_by_ftfy_and_regex()
    {
        var path = RepositoryFiles.Path("tests", "Golden", "clip_text", "clip_text.json");
        var cases = JsonSerializer.Deserialize<List<GoldenCase>>(File.ReadAllText(path), JsonSerializerOptions.Web)!;

        Assert.All(cases, c =>
        {
            var cleaned = ClipText.Clean(c.Text);
            Assert.Equal(c.Cleaned, cleaned);
            Assert.Equal(c.Words, Words(cleaned));
        });
    }

    [Fact]
    public void Words_are_all_of_a_cleaned_text_but_its_spaces()
    {
        foreach (var text in RandomText.Many(seed: 1, count: 2000))
        {
            var cleaned = ClipText.Clean(text);
            Assert.Equal(cleaned.Replace(" ", ""), string.Concat(Words(cleaned)));
        }
    }

    [Fact]
    public void Cleaned_text_has_no_space_but_single_ones_between_words()
    {
        foreach (var cleaned in RandomText.Many(seed: 2, count: 2000).Select(ClipText.Clean))
        {
            Assert.DoesNotContain(cleaned, c => char.IsWhiteSpace(c) && c != ' ');
            Assert.DoesNotContain("  ", cleaned);
            Assert.Equal(cleaned.Trim(), cleaned);
        }
    }

    [Theory]
    [InlineData("cafÃ©", "café")]
    [InlineData("ÃƒÂ©", "é")]                            // misread twice
    [InlineData("doesnâ€™t", "doesn't")]
    [InlineData("GdaÅ„sk", "gdańsk")]
    [InlineData("TÃ´i thá»ƒ", "tôi thể")]                // one unit convinces, and nothing else is beyond ASCII
    [InlineData("le café…”", "le café…\"")]              // bytes of one Chinese character, but meant
    [InlineData("“CAFÉ”", "\"café\"")]
    [InlineData("IRMÃ", "irmã")]
    public void Mojibake_is_repaired_and_what_is_meant_is_not(string text, string cleaned) => Assert.Equal(cleaned, ClipText.Clean(text));

    [Theory]
    [InlineData("AT&ampT", "at&t")]
    [InlineData("&notit;", "¬it;")]
    [InlineData("&amp;amp;amp;amp;lt;", "<")]
    [InlineData("<b>&amp;amp;amp;", "<b>&amp;")]         // markup: two rounds and no more
    [InlineData("<i>\n&EACUTE;", "<i> &eacute;")]
    [InlineData("P&EACUTE;REZ", "pérez")]
    [InlineData("&#128;&#xD800;&#x110000;&#1;&#99999999999999;", "€\uFFFD\uFFFD\uFFFD")]
    [InlineData("&unknown; &; &#; &", "&unknown; &; &#; &")]
    public void References_are_replaced_as_browsers_do(string text, string cleaned) => Assert.Equal(cleaned, ClipText.Clean(text));

    [Fact]
    public void Unpaired_surrogates_become_replacement_characters() => Assert.Equal("a\uFFFDb \uFFFD", ClipText.Clean("a\uD83Db \uDE00"));

    [Fact]
    public void A_word_without_end_is_read_as_several()
    {
        var lengths = ClipText.Split(new string('x', 20_000)).Select(w => w.Length);

        Assert.Equal([8192, 8192, 3616], lengths);
    }

    private static IEnumerable<string> Words(string cleaned) => ClipText.Split(cleaned).Select(w => cleaned.Substring(w.Offset, w.Length));

    private sealed record GoldenCase(string Text, string Cleaned, string[] Words);
}
