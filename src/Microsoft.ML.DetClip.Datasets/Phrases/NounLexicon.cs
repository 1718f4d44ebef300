using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Which words WordNet 3 knows as nouns, adjectives and verbs, and how often each was seen as such (formats: wndb(5WN) and cntlist(5WN) of its manual).</summary>
internal sealed class NounLexicon
{
    private const char NounType = '1', VerbType = '2', AdjectiveType = '3', SatelliteType = '5';
    private static readonly (string Ending, string[] Replacements)[] VerbEndings = [("ies", ["y"]), ("es", ["e", ""]), ("s", [""]), ("ied", ["y"]), ("ed", ["e", ""]), ("ing", ["e", ""])];
    private readonly Dictionary<string, int> _nouns;      // lemma with spaces → how often it was seen
    private readonly Dictionary<string, int> _verbs;
    private readonly Dictionary<string, int> _adjectives;
    private readonly Dictionary<string, string> _irregularNouns;
    private readonly Dictionary<string, string> _irregularVerbs;

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public NounLexicon(string folder)
    {
        (_nouns, _verbs, _adjectives) = (Lemmas(folder, "index.noun"), Lemmas(folder, "index.verb"), Lemmas(folder, "index.adj"));
        (_irregularNouns, _irregularVerbs) = (Irregular(folder, "noun.exc"), Irregular(folder, "verb.exc"));
        LongestNoun = _nouns.Keys.Max(noun => noun.Count(c => c == ' ')) + 1;
        Count(folder);
    }

    /// <summary>The most words of a noun.</summary>
    public int LongestNoun { get; }

    /// <summary>Whether the word is a noun as it stands, and so in singular.</summary>
    public bool IsNoun(string word) => _nouns.ContainsKey(word);

    /// <summary>How often the words were seen as a noun, in singular or plural; null where they are none.</summary>
    public int? NounCount(string words) => CountOf(_nouns, NounForms(words));

    /// <summary>How often the word was seen as a verb, in any form; null where it is none.</summary>
    public int? VerbCount(string word) => CountOf(_verbs, VerbForms(word));

    /// <summary>How often the word was seen as an adjective; null where it is none.</summary>
    public int? AdjectiveCount(string word) => _adjectives.TryGetValue(word, out var count) ? count : null;

    private static int? CountOf(Dictionary<string, int> lemmas, IEnumerable<string> forms)
    {
        int? best = null;
        foreach (var form in forms)
            if (lemmas.TryGetValue(form, out var count)) best = Math.Max(best ?? 0, count);
        return best;
    }

    private IEnumerable<string> NounForms(string words) => _irregularNouns.TryGetValue(words, out var singular) ? [words, singular] : WordForms.Singulars(words);

    private IEnumerable<string> VerbForms(string word)
    {
        yield return word;
        if (_irregularVerbs.TryGetValue(word, out var infinitive)) yield return infinitive;
        foreach (var (ending, replacements) in VerbEndings)
        {
            if (!word.EndsWith(ending, StringComparison.Ordinal) || word.Length <= ending.Length + 1) continue;
            var stem = word[..^ending.Length];
            foreach (var replacement in replacements) yield return stem + replacement;
            if (stem.Length > 2 && stem[^1] == stem[^2]) yield return stem[..^1]; // "sitting": sit
        }
    }

    private static Dictionary<string, int> Lemmas(string folder, string name) => Lines(folder, name).Select(line => line.Split(' ')[0].Replace('_', ' ')).Distinct().ToDictionary(lemma => lemma, _ => 0);

    private static Dictionary<string, string> Irregular(string folder, string name)
    {
        var forms = new Dictionary<string, string>();
        if (!File.Exists(Path.Combine(folder, name))) return forms;
        foreach (var line in Lines(folder, name))
            if (line.Replace('_', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var form, var lemma, ..]) forms.TryAdd(form, lemma);
        return forms;
    }

    // sense_key sense_number count, where sense_key is lemma%type:…
    private void Count(string folder)
    {
        if (!File.Exists(Path.Combine(folder, "cntlist.rev"))) return;
        foreach (var line in Lines(folder, "cntlist.rev"))
        {
            if (line.Split(' ') is not [var key, _, var number] || key.Split('%') is not [var lemma, [var type, ..]] || !int.TryParse(number, CultureInfo.InvariantCulture, out var count)) continue;
            var lemmas = type switch { NounType => _nouns, VerbType => _verbs, AdjectiveType or SatelliteType => _adjectives, _ => null };
            var words = lemma.Replace('_', ' ');
            if (lemmas is not null && lemmas.TryGetValue(words, out var before)) lemmas[words] = before + count;
        }
    }

    // Lines that begin with a space are the licence.
    private static IEnumerable<string> Lines(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no '{path}'; the folder must hold WordNet's database, as the Debian package wordnet-base installs it.", path);
        return File.ReadLines(path, Encoding.UTF8).Where(line => line.Length > 0 && line[0] != ' ');
    }
}
