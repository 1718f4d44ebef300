using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Joins letters and the accents that follow them: Unicode normalisation form C (UAX #15), the same on every machine.</summary>
/// <remarks>
/// <see cref="string.Normalize()"/> does nothing where .NET runs without ICU, as in many containers, and a text must not have other tokens there.
/// Left as they are: characters beyond U+FFFF, and compatibility ideographs.
/// </remarks>
internal static partial class CanonicalComposition
{
    private const char FirstSyllable = '가', FirstLead = 'ᄀ', FirstVowel = 'ᅡ', BeforeFirstTail = 'ᆧ';
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<(char, char), char> Composed = [];
    private static readonly Dictionary<char, string> Decomposed = [];
    private static readonly Dictionary<char, byte> ClassOfMark = [];

    // Normal text has none of these; marks are among them because they may join what is before them.
    private static readonly HashSet<char> Unsettled;

    static CanonicalComposition()
    {
        foreach (var (first, last, combiningClass) in Classes)
            for (var c = first; c <= last; c++) ClassOfMark[c] = combiningClass;
        foreach (var (mark, pairs) in Marks)
        {
            foreach (var pair in pairs.Chunk(2))
            {
                Composed[(pair[0], mark)] = pair[1];
                Decomposed[pair[1]] = $"{pair[0]}{mark}";
            }
        }
        foreach (var parts in TakenApart.Chunk(3)) Decomposed[parts[0]] = $"{parts[1]}{parts[2]}";
        foreach (var pair in SameCharacters.Chunk(2)) Decomposed[pair[0]] = $"{pair[1]}";
        Unsettled = [.. ClassOfMark.Keys, .. Marks.Select(m => m.Mark), .. TakenApart.Where((_, i) => i % 3 == 0), .. SameCharacters.Where((_, i) => i % 2 == 0)];
    }

    /// <summary>The text with every accent joined to its letter where Unicode has a character for both.</summary>
    public static string Normalize(string text)
    {
        if (!text.Any(c => c >= '\u0300' && (Unsettled.Contains(c) || IsVowel(c) || IsTail(c)))) return text;
        var characters = new List<char>(text.Length);
        foreach (var c in text) Decompose(c, characters);
        SortMarks(characters);
        return Compose(characters);
    }

    private static void Decompose(char c, List<char> to)
    {
        if (!Decomposed.TryGetValue(c, out var parts)) to.Add(c);
        else foreach (var part in parts) Decompose(part, to);
    }

    // Marks of one letter in the order of their classes; marks of one class keep their order.
    private static void SortMarks(List<char> characters)
    {
        for (var start = 0; start < characters.Count; start++)
        {
            var end = start;
            while (end < characters.Count && Class(characters[end]) > 0) end++;
            if (end - start < 2) continue;
            char[] sorted = [.. characters[start..end].OrderBy(Class)];
            for (var i = start; i < end; i++) characters[i] = sorted[i - start];
            start = end;
        }
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

    private static byte Class(char c) => ClassOfMark.GetValueOrDefault(c);

    private static bool IsVowel(char c) => c - FirstVowel is >= 0 and < Vowels;

    private static bool IsTail(char c) => c - BeforeFirstTail is > 0 and < Tails;
}
