namespace Microsoft.ML.DetClip;

/// <summary>Spellings of one name: capitals and spaces, singular and plural of English nouns.</summary>
internal static class WordForms
{
    private static readonly (string Plural, string Singular)[] Ends =
    [
        ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("zes", "z"), ("ies", "y"), ("ves", "f"), ("ves", "fe"), ("men", "man"), ("s", ""), ("es", ""),
    ];

    /// <summary>The name in small letters, with one space between words: as far as the text encoder tells names apart.</summary>
    public static string Fold(string name)
    {
        var lower = name.ToLowerInvariant();
        return IsClean(lower) ? lower : string.Join(' ', lower.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The name itself, then what it may be in singular and in plural; not all of that is English.</summary>
    /// <param name="name">In small letters; its last word is what has a number.</param>
    public static IEnumerable<string> AllNumbers(string name)
    {
        yield return name;
        foreach (var (plural, singular) in Ends)
            if (IsPlural(name, plural)) yield return name[..^plural.Length] + singular;
        foreach (var (plural, singular) in Ends)
            if (name.EndsWith(singular, StringComparison.Ordinal)) yield return name[..(name.Length - singular.Length)] + plural;
    }

    /// <summary>The name itself, then what it may be in singular.</summary>
    /// <param name="name">In small letters; its last word is what has a number.</param>
    public static IEnumerable<string> Singulars(string name) =>
        Ends.Where(end => IsPlural(name, end.Plural)).Select(end => name[..^end.Plural.Length] + end.Singular).Prepend(name);

    // "glass" and "bus" are no plurals, "is" not even a noun.
    private static bool IsPlural(string name, string end) => name.Length >= 3 && name.EndsWith(end, StringComparison.Ordinal)
        && (end != "s" || !(name.EndsWith("ss", StringComparison.Ordinal) || name.EndsWith("us", StringComparison.Ordinal)));

    private static bool IsClean(string name)
    {
        var last = ' ';
        foreach (var c in name)
        {
            if (char.IsWhiteSpace(c) && (c != ' ' || last == ' ')) return false;
            last = c;
        }
        return last != ' ';
    }
}
