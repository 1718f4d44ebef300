using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A sentence of Flickr30k Entities.</summary>
/// <param name="Text">The sentence without its marks.</param>
/// <param name="Phrases">The marked phrases, and the chain of boxes that each belongs to.</param>
internal sealed record EntitySentence(string Text, IReadOnlyList<(string Chain, string Phrase)> Phrases)
{
    private const string Mark = "[/EN#";

    /// <summary>Reads "A [/EN#1002/people woman] sleeps ."; null where a mark is not of that form.</summary>
    public static EntitySentence? Parse(string line)
    {
        var (text, phrases, at) = (new StringBuilder(), new List<(string, string)>(), 0);
        for (int start; (start = line.IndexOf(Mark, at, StringComparison.Ordinal)) >= 0;)
        {
            var end = line.IndexOf(']', start);
            var blank = end < 0 ? -1 : line.IndexOf(' ', start, end - start);
            if (blank < 0) return null;
            var chain = line[(start + Mark.Length)..blank].Split('/')[0];
            var phrase = line[(blank + 1)..end].Trim();
            if (chain.Length == 0 || phrase.Length == 0) return null;
            text.Append(line, at, start - at).Append(phrase);
            phrases.Add((chain, phrase));
            at = end + 1;
        }
        var whole = text.Append(line, at, line.Length - at).ToString().Trim();
        return whole.Length > 0 ? new(whole, phrases) : null;
    }
}
