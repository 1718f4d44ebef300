using System.Globalization;
using System.Text;

namespace Microsoft.ML.DetClip;

/// <summary>Nouns in the files of WordNet 3 (formats: wndb(5WN) of its manual).</summary>
internal static class WordNet
{
    /// <summary>Every noun with its most frequent sense, and irregular plurals with the sense of their singular.</summary>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">Says in which file and line what is wrong.</exception>
    public static IEnumerable<Concept> Read(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var synsets = File.ReadAllBytes(Existing(folder, "data.noun"));
        var nouns = new Dictionary<string, Concept>();
        foreach (var (line, number) in Lines(Existing(folder, "index.noun")))
        {
            var noun = ReadNoun(line, synsets) ?? throw new InvalidDataException(
                $"'{Path.Combine(folder, "index.noun")}' line {number} is none of WordNet's, or data.noun is of another version.");
            nouns.TryAdd(noun.Name, noun);
        }
        return nouns.Values.Concat(Irregular(Path.Combine(folder, "noun.exc"), nouns));
    }

    internal static string Existing(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? path : throw new FileNotFoundException(
            $"There is no '{path}'; the folder must hold WordNet's database, as the Debian package wordnet-base installs it.", path);
    }

    // Lines that begin with a space are the licence.
    internal static IEnumerable<(string Line, int Number)> Lines(string path) =>
        File.ReadLines(path, Encoding.UTF8).Select((line, i) => (line, i + 1)).Where(l => l.line.Length > 0 && l.line[0] != ' ');

    /// <summary>lemma pos senses pointers (pointer)* senses tagged (synset)+, the synsets by falling frequency.</summary>
    private static Concept? ReadNoun(string line, byte[] synsets)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 4 || !int.TryParse(fields[3], CultureInfo.InvariantCulture, out var pointers) || fields.Length < 7 + pointers) return null;
        return Gloss(fields[6 + pointers], synsets) is { } gloss ? new Concept(fields[0].Replace('_', ' '), gloss) : null;
    }

    /// <summary>The definition in the synset that begins at a byte of data.noun, without its examples, which stand in quotes.</summary>
    internal static string? Gloss(string offset, byte[] synsets)
    {
        if (!int.TryParse(offset, CultureInfo.InvariantCulture, out var start) || start >= synsets.Length) return null;
        var rest = synsets.AsSpan(start);
        var end = rest.IndexOf((byte)'\n');
        var synset = Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
        var bar = synset.IndexOf(" | ", StringComparison.Ordinal);
        if (bar < 0 || !synset.StartsWith(offset, StringComparison.Ordinal)) return null;
        var gloss = synset[(bar + 3)..];
        var example = gloss.IndexOf("; \"", StringComparison.Ordinal);
        return (example < 0 ? gloss : gloss[..example]).Trim();
    }

    private static IEnumerable<Concept> Irregular(string path, Dictionary<string, Concept> nouns)
    {
        if (!File.Exists(path)) yield break;
        foreach (var (line, _) in Lines(path))
        {
            var forms = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(form => form.Replace('_', ' ')).ToArray();
            if (forms.Length == 2 && nouns.TryGetValue(forms[1], out var noun)) yield return noun with { Name = forms[0] };
        }
    }
}
