using System.Text.Json;
using Microsoft.ML.DetClip.Testing;

namespace Microsoft.ML.DetClip.Tests;

/// <summary>Equality with the tokenizer published with CLIP, on 269 texts that it was run on.</summary>
public class ClipTokenizerGoldenTests
{
    private const string Vocabulary = "data/clip-bpe/bpe_simple_vocab_16e6.txt.gz";
    private const string Golden = "golden/clip_tokenizer/expected.json";

    // Texts that need a repair of ftfy's that TextRepair does not make, each with the reason. None.
    private static readonly Dictionary<string, string> LeftOut = [];

    [SharedFact(Golden)]
    public void Only_texts_that_ftfy_repairs_are_left_out()
    {
        var repaired = Cases().Where(c => c.GetProperty("ftfy_matters").GetBoolean()).Select(Text).ToHashSet();

        Assert.Subset(repaired, LeftOut.Keys.ToHashSet());
    }

    [SharedFact(Golden)]
    public void Every_text_is_cleaned_and_split_as_by_CLIP() => ForEveryCase((text, expected) =>
    {
        var cleaned = ClipText.Clean(text);
        Assert.Equal(expected.GetProperty("cleaned").GetString(), cleaned);
        Assert.Equal(Strings(expected, "pretokens"), ClipText.Split(cleaned).Select(word => cleaned.Substring(word.Offset, word.Length)));
    });

    [SharedFact(Golden, Vocabulary)]
    public void Every_text_has_the_ids_it_has_in_CLIP()
    {
        var tokenizer = ClipTokenizer.Load(SharedData.Path(Vocabulary));
        Assert.Equal(49408, tokenizer.VocabularySize);

        ForEveryCase((text, expected) => Assert.Equal([49406, .. Ids(expected, "ids"), 49407], tokenizer.Encode(text)));
    }

    [SharedFact(Golden, Vocabulary)]
    public void Every_text_is_cut_and_padded_as_by_CLIP()
    {
        var tokenizer = ClipTokenizer.Load(SharedData.Path(Vocabulary));

        ForEveryCase((text, expected) =>
        {
            foreach (var (length, key) in ((int, string)[])[(77, "tokenize77_truncate"), (20, "tokenize20_truncate")])
            {
                var actual = tokenizer.EncodePadded(text, length);
                var ids = Ids(expected, key);
                Assert.Equal([.. ids, .. Enumerable.Repeat(0, length - ids.Length)], actual.Ids);
                Assert.Equal(ids.Length, actual.Count);
                Assert.Equal(Ids(expected, "ids").Length + 2 > length, actual.WasCut);
            }
        });
    }

    [SharedFact(Golden, Vocabulary)]
    public void Every_text_is_decoded_as_by_CLIP()
    {
        var tokenizer = ClipTokenizer.Load(SharedData.Path(Vocabulary));

        ForEveryCase((text, expected) =>
        {
            if (text.Contains("<|")) return; // marks inside a text end or vanish here, and are spelled out by CLIP
            Assert.Equal(expected.GetProperty("decoded").GetString()!.TrimEnd(' '), tokenizer.Decode(tokenizer.Encode(text)));
        });
    }

    private static void ForEveryCase(Action<string, JsonElement> check)
    {
        var cases = Cases().Where(c => !LeftOut.ContainsKey(Text(c))).ToList();
        Assert.Equal(269 - LeftOut.Count, cases.Count);
        Assert.All(cases, c => check(Text(c), c));
    }

    private static IEnumerable<JsonElement> Cases() =>
        JsonDocument.Parse(File.ReadAllText(SharedData.Path(Golden))).RootElement.GetProperty("cases").EnumerateArray();

    private static string Text(JsonElement element) => element.GetProperty("text").GetString()!;

    private static int[] Ids(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    private static string[] Strings(JsonElement element, string name) => [.. element.GetProperty(name).EnumerateArray().Select(s => s.GetString()!)];
}
