namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Reads a sentence of Flickr30k Entities, such as "[/EN#1/people A man] with [/EN#2/other a hat] .".</summary>
internal static class Flickr30kSentence
{
    private const int ChainPrefix = 3; // "EN#"

    /// <summary>A phrase and the chain that its boxes are found by.</summary>
    public readonly record struct Phrase(string Chain, string[] Types, string Text);

    /// <summary>The marked phrases, in their order; one that is not closed is left out, as in the official code.</summary>
    /// <returns>Null when a mark is not of that form.</returns>
    public static List<Phrase>? Parse(string sentence)
    {
        var phrases = new List<Phrase>();
        var (mark, words) = ((string[]?)null, new List<string>());
        foreach (var token in Tokens(sentence))
        {
            if (mark is not null)
            {
                words.Add(token.EndsWith(']') ? token[..^1] : token);
                if (!token.EndsWith(']')) continue;
                phrases.Add(new(mark[1].Length > ChainPrefix ? mark[1][ChainPrefix..] : "", mark[2..], string.Join(' ', words)));
                mark = null;
                words.Clear();
            }
            else if (token.StartsWith('['))
            {
                mark = token.Split('/');
                if (mark.Length < 2) return null;
            }
        }
        return phrases;
    }

    private static string[] Tokens(string sentence) =>
        string.Concat(sentence.Select(c => IsPythonSpace(c) ? ' ' : c)).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static bool IsPythonSpace(char c) => char.IsWhiteSpace(c) || c is >= '\x1c' and <= '\x1f';
}
