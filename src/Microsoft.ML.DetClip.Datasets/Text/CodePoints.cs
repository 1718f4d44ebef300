namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Parts of a text by offsets in code points, as Python counts them.</summary>
internal static class CodePoints
{
    /// <summary>The text from <paramref name="start"/> to before <paramref name="end"/>, without blanks around it; null when that is not inside the text, or empty.</summary>
    public static string? Slice(string text, long start, long end)
    {
        if (start < 0 || end <= start) return null;
        var (at, first) = (0L, start == 0 ? 0 : -1);
        var chars = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            chars += rune.Utf16SequenceLength;
            at++;
            if (at == start) first = chars;
            if (at == end) return text[first..chars].Trim() is { Length: > 0 } part ? part : null;
        }
        return null;
    }
}
