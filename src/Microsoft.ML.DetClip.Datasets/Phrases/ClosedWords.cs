namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Words of the classes that grow no more: none of them begins or ends a noun phrase, whatever WordNet knows them as.</summary>
internal static class ClosedWords
{
    /// <summary>A word seen so often as a noun in WordNet's texts is one, even with "ing" at its end ("building").</summary>
    public const int OftenSeen = 3;

    /// <summary>What may stand before a noun phrase: articles, pronouns, numbers.</summary>
    public static readonly HashSet<string> Determiners = Words("""
        a an the this that these those some any every each no all both several many few much more most another other his her their its our your my
        one two three four five six seven eight nine ten eleven twelve dozen various multiple single half whose what which such 's
        """);

    /// <summary>Prepositions, conjunctions, pronouns, auxiliary verbs, adverbs, and verbs that captions use as nothing else.</summary>
    public static readonly HashSet<string> Others = Words("""
        of in on at by for with without from to into onto over under above below beneath behind beside besides between among amongst near next along across against around about
        after before during through throughout inside outside off out up down upon within toward towards via per like than as while and or but nor so yet if then because
        though although when where who whom how i you he she it we they him them me us himself herself itself themselves someone something anyone
        is are was were be been being am do does did done doing has have had having can could will would shall should may might must not n't
        there here very just only also too together still already back away ahead alone apart aside else ever again almost nearly getting get gets got going go goes gone
        sits sit sat stands stand stood lays lies lay lie looks look holds hold held rides ride rode takes take took makes make made uses use used shows show shown
        walks walk runs run plays play flies fly eats eat talks talk waits wait wears wear cuts cut left seen set
        """);

    /// <summary>Nouns that say how many, or where, and not what.</summary>
    public static readonly HashSet<string> Quantities = Words("""
        group bunch couple pair lot lots number piece pieces set series variety row rows pile stack collection kind kinds type types sort sorts slice slices bit
        front back side sides top bottom middle center edge end corner part parts left right way area distance background foreground
        picture pictures image images photo photos photograph photographs view shot scene close day time day's something thing things
        """);

    /// <summary>Words that a verb without ending may follow.</summary>
    public static readonly HashSet<string> BeforeVerbs = Words("to can could will would shall should may might must do does did not i you we they who people men women children");

    /// <summary>Whether the word is a determiner or of <see cref="Others"/>.</summary>
    public static bool Contains(string word) => Determiners.Contains(word) || Others.Contains(word) || char.IsDigit(word[0]);

    private static HashSet<string> Words(string list) => [.. list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
