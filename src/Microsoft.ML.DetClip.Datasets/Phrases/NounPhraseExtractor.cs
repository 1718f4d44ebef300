namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Finds the noun phrases of captions, the concepts of image-text pairs (DetCLIPv2, section 3.2), by WordNet's words instead of a tagger.</summary>
/// <remarks>
/// A phrase is a run of adjectives and nouns that ends in a noun; of nouns of several words the longest counts ("hot dog" is no dog). Determiners, numbers and
/// nouns of quantity and place ("a bunch of", "front of") are dropped. Where a word can be a verb or an adjective as well, what stands before it decides, and else
/// what WordNet's texts show more often. Thread-safe.
/// </remarks>
public sealed class NounPhraseExtractor
{
    private readonly NounLexicon _lexicon;

    private NounPhraseExtractor(NounLexicon lexicon) => _lexicon = lexicon;

    /// <summary>Reads the words of WordNet.</summary>
    /// <param name="folder">The folder with index.noun, index.verb, index.adj and, for frequencies and irregular forms, cntlist.rev, noun.exc and verb.exc; by default that of Debian's package wordnet-base.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public static NounPhraseExtractor LoadWordNet(string folder = "/usr/share/wordnet")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        return new(new NounLexicon(folder));
    }

    /// <summary>The noun phrases of a caption in small letters, each once, in the order of the caption.</summary>
    public IReadOnlyList<string> Extract(string caption)
    {
        ArgumentNullException.ThrowIfNull(caption);
        var phrases = new List<string>();
        foreach (var clause in CaptionWords.Clauses(caption)) AddPhrases(clause, phrases);
        return [.. phrases.Distinct()];
    }

    private void AddPhrases(IReadOnlyList<string> words, List<string> phrases)
    {
        var (run, lastNoun) = (new List<string>(), 0); // lastNoun: how many words of the run a phrase would have
        for (var i = 0; i < words.Count;)
        {
            var length = NounAt(words, i, isExpected: run.Count > lastNoun || i > 0 && ClosedWords.Determiners.Contains(words[i - 1]));
            if (length > 0)
            {
                run.AddRange(words.Skip(i).Take(length));
                lastNoun = run.Count;
                i += length;
            }
            else if (IsAdjective(words[i])) run.Add(words[i++]);
            else
            {
                End(run, ref lastNoun, phrases);
                i++;
            }
        }
        End(run, ref lastNoun, phrases);
    }

    private static void End(List<string> run, ref int length, List<string> phrases)
    {
        var phrase = string.Join(' ', run.Take(length));
        if (length > 0 && !ClosedWords.Quantities.Contains(run[length - 1])) phrases.Add(phrase);
        run.Clear();
        length = 0;
    }

    /// <returns>How many words from there on are a noun; 0 for none.</returns>
    private int NounAt(IReadOnlyList<string> words, int at, bool isExpected)
    {
        for (var length = Math.Min(_lexicon.LongestNoun, words.Count - at); length > 1; length--)
            if (!ClosedWords.Contains(words[at]) && !ClosedWords.Contains(words[at + length - 1]) && _lexicon.NounCount(string.Join(' ', words.Skip(at).Take(length))) is not null) return length;
        return IsNoun(words[at], isExpected, at > 0 ? words[at - 1] : "") ? 1 : 0;
    }

    private bool IsNoun(string word, bool isExpected, string before)
    {
        if (ClosedWords.Contains(word) || _lexicon.NounCount(word) is not { } noun) return false;
        var (verb, adjective) = (_lexicon.VerbCount(word), _lexicon.AdjectiveCount(word));
        if (word.EndsWith("ing", StringComparison.Ordinal) && verb is not null) return isExpected && noun >= ClosedWords.OftenSeen;
        if (adjective > noun) return false;
        return isExpected || verb is null || noun >= verb || _lexicon.IsNoun(word) && !MayHaveVerb(before);
    }

    // "people sink", "to sink"; but "a bathroom sink": a verb without ending needs a subject in plural, or a particle.
    private bool MayHaveVerb(string subject) => ClosedWords.BeforeVerbs.Contains(subject) || _lexicon.NounCount(subject) is not null && !_lexicon.IsNoun(subject);

    private bool IsAdjective(string word) => !ClosedWords.Contains(word) && _lexicon.AdjectiveCount(word) is { } adjective
        && (_lexicon.VerbCount(word) is not { } verb || adjective >= verb || word.EndsWith("ed", StringComparison.Ordinal) && adjective > 0);
}
