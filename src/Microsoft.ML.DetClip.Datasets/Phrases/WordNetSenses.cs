using System.Globalization;

namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The senses of WordNet's nouns by their names, such as "bow.n.04": the fourth of "bow", by falling frequency.</summary>
internal sealed class WordNetSenses
{
    private readonly byte[] _synsets;
    private readonly Dictionary<string, string> _lines = []; // by lemma

    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    public WordNetSenses(string folder)
    {
        _synsets = File.ReadAllBytes(WordNet.Existing(folder, "data.noun"));
        foreach (var (line, _) in WordNet.Lines(WordNet.Existing(folder, "index.noun"))) _lines.TryAdd(line[..line.IndexOf(' ')], line);
    }

    /// <summary>What the synset means; null where there is no such noun.</summary>
    public string? DefinitionOf(string synset)
    {
        if (synset.Split('.') is not [var lemma, "n", var sense] || !int.TryParse(sense, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1) return null;
        if (!_lines.TryGetValue(lemma.ToLowerInvariant(), out var line)) return null;
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries); // lemma pos senses pointers (pointer)* senses tagged (synset)+
        return int.TryParse(fields.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var pointers) && fields.ElementAtOrDefault(5 + pointers + number) is { } offset
            ? WordNet.Gloss(offset, _synsets) : null;
    }
}
