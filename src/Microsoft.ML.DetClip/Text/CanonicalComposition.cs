using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Joins letters and the accents that follow them: Unicode normalisation form C (UAX #15), the same on every machine.</summary>
/// <remarks>
/// <see cref="string.Normalize()"/> does nothing where .NET runs without ICU, as in many containers, and a text must not have other tokens there.
/// Covers Latin, Greek, Cyrillic, Arabic, kana and Hangul. Letters of other scripts and compatibility ideographs are left as they are.
/// </remarks>
internal static partial class CanonicalComposition
{
    private const char FirstSyllable = '가', FirstLead = 'ᄀ', FirstVowel = 'ᅡ', BeforeFirstTail = 'ᆧ';
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<(char, char), char> Composed = [];
    private static readonly Dictionary<char, string> Decomposed = [];
    private static readonly Dictionary<char, int> ClassOfMark = [];

    static CanonicalComposition()
    {
        foreach (var (mark, combiningClass, pairs) in Marks)
        {
            ClassOfMark[mark] = combiningClass;
            foreach (var pair in pairs.Chunk(2))
            {
                Composed[(pair[0], mark)] = pair[1];
                Decomposed[pair[1]] = $"{pair[0]}{mark}";
            }
        }
        foreach (var pair in SameCharacters.Chunk(2)) Decomposed[pair[0]] = pair[1].ToString();
    }

    /// <summary>The text with every accent joined to its letter where Unicode has a character for both.</summary>
    public static string Normalize(string text)
    {
        if (!text.Any(c => c >= '\u0300' && NeedsWork(c))) return text;
        var characters = new List<char>(text.Length);
        foreach (var c in text) Decompose(c, characters);
        SortMarks(characters);
        return Compose(characters);
    }

    private static bool NeedsWork(char c) =>
        ClassOfMark.ContainsKey(c) || Decomposed.GetValueOrDefault(c)?.Length == 1 || IsVowel(c) || IsTail(c);

    private static void Decompose(char c, List<char> to)
    {
        if (!Decomposed.TryGetValue(c, out var parts)) to.Add(c);
        else foreach (var part in parts) Decompose(part, to);
    }

    // Marks of one letter in the order of their classes; marks of one class keep their order.
    private static void SortMarks(List<char> characters)
    {
        for (var i = 1; i < characters.Count; i++)
            for (var j = i; j > 0 && Class(characters[j]) > 0 && Class(characters[j - 1]) > Class(characters[j]); j--)
                (characters[j - 1], characters[j]) = (characters[j], characters[j - 1]);
    }

    private static string Compose(List<char> characters)
    {
        var result = new StringBuilder(characters.Count);
        var (starter, lastClass) = (-1, 0);
        foreach (var c in characters)
        {
            var combiningClass = Class(c);
            var isReachable = starter == result.Length - 1 || lastClass < combiningClass;
            if (starter >= 0 && isReachable && TryJoin(result[starter], c, out var joined))
            {
                result[starter] = joined;
                continue;
            }
            if (combiningClass == 0) starter = result.Length;
            lastClass = combiningClass;
            result.Append(c);
        }
        return result.ToString();
    }

    private static bool TryJoin(char left, char right, out char joined)
    {
        if (Composed.TryGetValue((left, right), out joined)) return true;
        if (IsVowel(right) && left - FirstLead is >= 0 and < Leads and var lead)
            joined = (char)(FirstSyllable + (lead * Vowels + (right - FirstVowel)) * Tails);
        else if (IsTail(right) && left - FirstSyllable is >= 0 and < Leads * Vowels * Tails and var syllable && syllable % Tails == 0)
            joined = (char)(left + (right - BeforeFirstTail));
        return joined != default;
    }

    private static int Class(char c) => ClassOfMark.GetValueOrDefault(c);

    private static bool IsVowel(char c) => c - FirstVowel is >= 0 and < Vowels;

    private static bool IsTail(char c) => c - BeforeFirstTail is > 0 and < Tails;
}
