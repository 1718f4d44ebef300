using System.Text.RegularExpressions;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What a caption speaks of, word by word. It may speak of things that have no box, so they must not be taken for absent.</summary>
internal sealed partial class SpokenWords
{
    private readonly string _text; // in small letters, one space before and after each word

    /// <param name="caption">A sentence.</param>
    /// <param name="phrases">Other texts about the same image.</param>
    public SpokenWords(string? caption, IEnumerable<string> phrases) => _text = $" {string.Join(" | ", phrases.Prepend(caption ?? "").Select(Words))} ";

    /// <summary>Whether the words of a name occur one after another in one of the texts, whatever their case, number and article.</summary>
    /// <remarks>A name without words is taken for mentioned: there is nothing to ask for.</remarks>
    public bool Mention(string name) =>
        WordForms.AllNumbers(Words(name)).Any(form => form.Length == 0 || _text.Contains($" {form} ", StringComparison.Ordinal));

    /// <summary>Whether a text tells left from right, which is wrong in a mirror.</summary>
    public static bool TellSides(string? text) => text is not null && Side().IsMatch(text);

    private static string Words(string text) => string.Join(
        ' ', Word().Matches(text.ToLowerInvariant()).Select(m => m.Value).Where(w => w is not ("a" or "an" or "the")));

    [GeneratedRegex(@"[\p{L}\p{M}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(left|right)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Side();
}
