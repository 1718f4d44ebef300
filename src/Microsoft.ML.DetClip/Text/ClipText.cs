using System.Buffers;
using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>What CLIP's tokenizer does to a text before byte-pair encoding: clean it, then split it into words.</summary>
/// <remarks>
/// Written over code points, not with regular expressions: those of .NET take letters beyond U+FFFF for symbols,
/// and its lower case knows neither the Greek final sigma nor the two code points of a small dotted capital I.
/// </remarks>
internal static class ClipText
{
    /// <summary>Text that stands for the start mark, when it occurs in a text.</summary>
    public const string StartMark = "<|startoftext|>";

    /// <summary>Text that stands for the end mark, when it occurs in a text.</summary>
    public const string EndMark = "<|endoftext|>";

    // The time of byte-pair encoding grows with the square of a word's length; what is longer than this is no word, and is read as several.
    private const int MaxWordLength = 8192;

    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>Repaired (<see cref="TextRepair"/>), HTML references replaced twice over, white space collapsed and trimmed, lower case.</summary>
    public static string Clean(string text)
    {
        var repaired = HtmlEntities.Unescape(HtmlEntities.Unescape(TextRepair.Repair(text)));
        return ToLower(CollapseWhiteSpace(repaired));
    }

    /// <summary>Words of a cleaned text: marks, English contractions, runs of letters, single digits, runs of anything else; no white space.</summary>
    public static IEnumerable<(int Offset, int Length)> Split(string cleaned)
    {
        for (var start = 0; start < cleaned.Length;)
        {
            var length = WordLength(cleaned, start);
            if (length > 0) yield return (start, length);
            start += Math.Max(length, 1);
        }
    }

    private static int WordLength(string text, int start)
    {
        var kind = KindAt(text, start, out var length);
        if (kind == Kind.Space) return 0;
        if (kind == Kind.Number) return length;
        if (kind == Kind.Symbol && FixedWordLength(text, start) is > 0 and var fixedLength) return fixedLength;
        var end = start + length;
        while (end < text.Length && end - start < MaxWordLength && KindAt(text, end, out length) == kind) end += length;
        return end - start;
    }

    private static int FixedWordLength(string text, int start)
    {
        if (text[start] == '\'') return Contractions.FirstOrDefault(c => StartsWith(text, start, c))?.Length ?? 0;
        if (text[start] != '<') return 0;
        return StartsWith(text, start, StartMark) ? StartMark.Length : StartsWith(text, start, EndMark) ? EndMark.Length : 0;
    }

    // CLIP's pattern ignores case, and long s folds to s.
    private static bool StartsWith(string text, int start, string word)
    {
        if (text.Length - start < word.Length) return false;
        for (var i = 0; i < word.Length; i++)
            if (text[start + i] != word[i] && !(text[start + i] == 'ſ' && word[i] == 's')) return false;
        return true;
    }

    private static Kind KindAt(string text, int index, out int length)
    {
        Rune.DecodeFromUtf16(text.AsSpan(index), out var rune, out length);
        if (Rune.IsLetter(rune)) return Kind.Letter;
        if (Rune.IsNumber(rune)) return Kind.Number;
        return Rune.IsWhiteSpace(rune) ? Kind.Space : Kind.Symbol;
    }

    private static string CollapseWhiteSpace(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (!char.IsWhiteSpace(c)) result.Append(c);
            else if (result.Length > 0 && result[^1] != ' ') result.Append(' ');
        }
        return result.ToString().TrimEnd(' ');
    }

    private static string ToLower(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        var result = new StringBuilder(text.Length);
        var index = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value == 'İ') result.Append("i\u0307");
            else if (rune.Value == 'Σ') result.Append(IsFinalSigma(text, index) ? 'ς' : 'σ');
            else result.Append(Rune.ToLowerInvariant(rune).ToString());
            index += rune.Utf16SequenceLength;
        }
        return result.ToString();
    }

    // Unicode, section 3.13, Final_Sigma: a cased letter before it and none after, whatever case-ignorable characters lie between.
    private static bool IsFinalSigma(string text, int index) => EndsCased(text.AsSpan(0, index)) && !StartsCased(text.AsSpan(index + 1));

    private static bool EndsCased(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeLastFromUtf16(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsCaseIgnorable(rune)) return IsCased(rune);
            text = text[..^length];
        }
        return false;
    }

    private static bool StartsCased(ReadOnlySpan<char> text)
    {
        while (Rune.DecodeFromUtf16(text, out var rune, out var length) == OperationStatus.Done)
        {
            if (!IsCaseIgnorable(rune)) return IsCased(rune);
            text = text[length..];
        }
        return false;
    }

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(Rune rune) => rune.Value is '\'' or '.' or ':' or '·' or '’' || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or
        UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;

    private enum Kind
    {
        Letter,
        Number,
        Space,
        Symbol,
    }
}
