namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Cuts captions into words.</summary>
internal static class CaptionWords
{
    /// <summary>What "the dog's bowl" has between two nouns.</summary>
    public const string Genitive = "'s";

    /// <summary>The words between marks of punctuation, in small letters: letters and digits, and hyphens and apostrophes between them. A "'s" is a word of its own.</summary>
    public static IEnumerable<IReadOnlyList<string>> Clauses(string caption)
    {
        var (words, start) = (new List<string>(), -1);
        for (var i = 0; i <= caption.Length; i++)
        {
            var inside = i < caption.Length && IsInside(caption, i, start >= 0);
            if (inside && start < 0) start = i;
            if (inside) continue;
            if (start >= 0) Add(words, caption[start..i].ToLowerInvariant());
            start = -1;
            if (i < caption.Length && char.IsWhiteSpace(caption[i]) || words.Count == 0) continue;
            yield return words;
            words = [];
        }
    }

    /// <summary>All words of a caption.</summary>
    public static IReadOnlyList<string> All(string caption) => [.. Clauses(caption).SelectMany(words => words)];

    private static bool IsInside(string text, int at, bool inWord) =>
        char.IsLetterOrDigit(text[at]) || inWord && text[at] is '-' or '\'' && at > 0 && char.IsLetterOrDigit(text[at - 1]) && at + 1 < text.Length && char.IsLetterOrDigit(text[at + 1]);

    private static void Add(List<string> words, string word)
    {
        if (!word.EndsWith(Genitive, StringComparison.Ordinal)) words.Add(word);
        else words.AddRange([word[..^Genitive.Length], Genitive]);
    }
}
