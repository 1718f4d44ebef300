using System.IO.Compression;
using System.Text;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

public sealed class ClipVocabularyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("detclip").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Saved_vocabularies_are_read_back_and_written_the_same()
    {
        var learned = BytePairLearner.Learn(RandomText.Captions(seed: 1, count: 200), 100);
        var path = Path.Combine(_folder, "tokenizer.txt");

        learned.Save(path);
        learned.Save(path);
        var loaded = ClipTokenizer.Load(path);

        Assert.Equal(learned.Vocabulary.Merges, loaded.Vocabulary.Merges);
        Assert.All(RandomText.Captions(seed: 2, count: 50), text => Assert.Equal(learned.Encode(text), loaded.Encode(text)));
        Assert.Equal(File.ReadAllBytes(path), Written(loaded));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.DoesNotContain((byte)'\r', File.ReadAllBytes(path));
    }

    [Fact]
    public void A_failed_save_leaves_nothing_behind()
    {
        var path = Path.Combine(_folder, "taken");
        Directory.CreateDirectory(path);

        Assert.ThrowsAny<Exception>(() => BytePairLearner.Learn([], 0).Save(path));

        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void Gzip_and_plain_files_are_the_same()
    {
        const string Text = "header\nt h\nth e</w>\n";

        Assert.Equal([("t", "h"), ("th", "e</w>")], Read(Text).Vocabulary.Merges);
        Assert.Equal(Read(Text).Vocabulary.Merges, ClipTokenizer.Read(Gzip(Encoding.UTF8.GetBytes(Text))).Vocabulary.Merges);
        Assert.Equal(Read(Text).Vocabulary.Merges, Read(Text.Replace("\n", "\r\n")).Vocabulary.Merges);
    }

    [SharedFact("data/clip-bpe/bpe_simple_vocab_16e6.txt.gz")]
    public void Of_a_long_file_the_first_48894_merges_are_read()
    {
        var tokenizer = ClipTokenizer.Load(SharedData.Path("data/clip-bpe/bpe_simple_vocab_16e6.txt.gz"));

        Assert.Equal(48894, tokenizer.Vocabulary.Merges.Count);
        Assert.True(tokenizer.Vocabulary.Merges.SequenceEqual(ClipTokenizer.Read(new MemoryStream(Written(tokenizer))).Vocabulary.Merges));
    }

    [Fact]
    public void Where_two_merges_make_the_same_symbol_the_later_id_counts()
    {
        var tokenizer = Read("header\na b\nb c</w>\nab c</w>\na bc</w>\n");

        Assert.Equal([516, 515, 517], tokenizer.Encode("abc"));
        Assert.Equal("abc", tokenizer.Decode([514]));
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("header\nt h\nth x e\n", "line 3, 'th x e': expected two symbols with a space between")]
    [InlineData("header\n\n", "line 2, '': expected two symbols with a space between")]
    [InlineData("header\nt h\nth  \n", "line 3, 'th  ': expected two symbols with a space between")]
    [InlineData("header\nt h\nthe r\n", "line 3, 'the r': 'the' is neither a byte nor made by an earlier merge")]
    [InlineData("header\nt he\n", "line 2, 't he': 'he' is neither a byte nor made by an earlier merge")]
    [InlineData("header\nt h\nt h\n", "line 3, 't h': 't h' is there already")]
    [InlineData("header\nt</w> h\n", "line 2, 't</w> h': nothing can follow 't</w>', which ends a word")]
    public void A_damaged_vocabulary_is_refused_with_the_line(string text, string problem)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(text));

        Assert.Equal($"The stream is not a byte-pair vocabulary in CLIP's layout (a header, then a merge of two symbols a line): {problem}.", error.Message);
    }

    [Fact]
    public void Files_that_are_no_text_are_refused_by_name()
    {
        var path = Path.Combine(_folder, "vocabulary");
        File.WriteAllBytes(path, [0x68, 0xFF, 0xFE, 0x0A]);
        Assert.Contains($"'{path}' is not a byte-pair vocabulary", Assert.Throws<InvalidDataException>(() => ClipTokenizer.Load(path)).Message);
        Assert.Contains("not UTF-8", Assert.Throws<InvalidDataException>(() => ClipTokenizer.Load(path)).Message);
    }

    [Fact]
    public void Gzip_data_that_is_damaged_or_cut_short_is_refused()
    {
        var packed = Gzip(Encoding.UTF8.GetBytes("header\n" + string.Join('\n', Enumerable.Range('a', 26).Select(c => $"{(char)c} {(char)c}")))).ToArray();
        byte[] damaged = [.. packed];
        damaged[packed.Length / 2] ^= 0x55;

        foreach (var bytes in (byte[][])[damaged, packed[..^1], packed[..(packed.Length / 2)], packed[..3]])
            Assert.Contains("gzip data is damaged", Assert.Throws<InvalidDataException>(() => ClipTokenizer.Read(new MemoryStream(bytes))).Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        var path = Path.Combine(_folder, "absent.txt.gz");

        Assert.Contains($"'{path}'", Assert.Throws<FileNotFoundException>(() => ClipTokenizer.Load(path)).Message);
    }

    private static ClipTokenizer Read(string text) => ClipTokenizer.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    private static byte[] Written(ClipTokenizer tokenizer)
    {
        using var stream = new MemoryStream();
        tokenizer.Write(stream);
        return stream.ToArray();
    }

    private static MemoryStream Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) gzip.Write(bytes);
        packed.Position = 0;
        return packed;
    }
}
