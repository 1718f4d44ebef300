namespace Microsoft.ML.DetClip;

/// <summary>Texts as rows of one length, as the text graph takes them.</summary>
public static class TextTokenizerExtensions
{
    /// <summary>The ids of a text, cut and padded to a length as CLIP does: what is too long loses its end, and the last id becomes the end mark.</summary>
    /// <param name="tokenizer">Gives the ids.</param>
    /// <param name="text">One sentence.</param>
    /// <param name="length">T: number of ids, both marks included; at least 2.</param>
    /// <returns>Exactly <paramref name="length"/> ids, zeros after the end mark, and the part of the text that was lost.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 2.</exception>
    public static TokenizedText EncodePadded(this ITextTokenizer tokenizer, string text, int length)
    {
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        var encoded = tokenizer.Encode(text);
        var ids = new int[length];
        var count = Math.Min(encoded.Count, length);
        for (var i = 0; i < count; i++) ids[i] = encoded[i];
        if (encoded.Count <= length) return new(ids, count, "");
        ids[^1] = tokenizer.VocabularySize - 1;
        return new(ids, count, LostText(tokenizer, text, ids[..^1]));
    }

    /// <summary>The ids of many texts, row by row, as the text graph's input <see cref="DetectorContract.Tokens"/>.</summary>
    /// <param name="tokenizer">Gives the ids.</param>
    /// <param name="texts">K sentences.</param>
    /// <param name="length">T: number of ids of each, both marks included; at least 2.</param>
    /// <param name="whenCut">Called with the index of each text that is too long, and what became of it.</param>
    /// <returns>int64 [K·T]</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="length"/> is below 2.</exception>
    public static long[] EncodePadded(this ITextTokenizer tokenizer, IReadOnlyList<string> texts, int length, Action<int, TokenizedText>? whenCut = null)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        var rows = new long[texts.Count * length]; // [K·T]
        for (var k = 0; k < texts.Count; k++)
        {
            var row = tokenizer.EncodePadded(texts[k], length);
            for (var t = 0; t < row.Count; t++) rows[k * length + t] = row.Ids[t];
            if (row.WasCut) whenCut?.Invoke(k, row);
        }
        return rows;
    }

    // Found by asking how many of the first words still fit: a tokenizer need not know which characters an id came from.
    private static string LostText(ITextTokenizer tokenizer, string text, int[] read)
    {
        var starts = WordStarts(text);
        var (fitting, lost) = (0, starts.Count);
        while (lost - fitting > 1)
        {
            var middle = (fitting + lost) / 2;
            if (tokenizer.Encode(text[..starts[middle]]).Count <= read.Length + 1) fitting = middle;
            else lost = middle;
        }
        var (start, end) = (starts[fitting], lost < starts.Count ? starts[lost] : text.Length);
        return text[(start + LettersRead(tokenizer, text[..start], text[start..end].TrimEnd(), read))..].TrimEnd();
    }

    // Of the first word that does not fit: none where the tokenizer reads it otherwise than it is written, such as "&amp;".
    private static int LettersRead(ITextTokenizer tokenizer, string before, string word, int[] read)
    {
        const char HalfLetter = '\uFFFD'; // some of its bytes
        var (fitting, all) = (Letters(tokenizer, tokenizer.Encode(before)), Letters(tokenizer, read));
        if (!all.StartsWith(fitting, StringComparison.Ordinal) || !Letters(tokenizer, tokenizer.Encode(word)).Equals(word, StringComparison.OrdinalIgnoreCase)) return 0;
        var letters = all[fitting.Length..].TrimEnd(HalfLetter);
        return letters.Length < word.Length && word.StartsWith(letters, StringComparison.OrdinalIgnoreCase) ? letters.Length : 0;
    }

    private static string Letters(ITextTokenizer tokenizer, IEnumerable<int> ids) => tokenizer.Decode(ids).Replace(" ", "", StringComparison.Ordinal);

    private static List<int> WordStarts(string text) =>
        [.. Enumerable.Range(0, text.Length).Where(i => !char.IsWhiteSpace(text[i]) && (i == 0 || char.IsWhiteSpace(text[i - 1])))];
}
