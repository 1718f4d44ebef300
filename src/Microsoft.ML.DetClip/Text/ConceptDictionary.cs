namespace Microsoft.ML.DetClip;

/// <summary>Names of things, and what they mean where that is known: the concept dictionary of DetCLIP (DetCLIPv2, section 3.1). Immutable, thread-safe.</summary>
/// <remarks>Training takes definitions out of it for its labels, and out of its names things to ask about images that do not show them.</remarks>
public sealed class ConceptDictionary
{
    private readonly Dictionary<string, string> _definitions = []; // by name
    private readonly Dictionary<string, string> _byFolded = [];    // by name without capitals and underscores

    /// <param name="concepts">Names, each with or without a definition. A name that comes again adds its definition where there was none.</param>
    /// <exception cref="ArgumentException">A concept has no name.</exception>
    public ConceptDictionary(IEnumerable<Concept> concepts)
    {
        ArgumentNullException.ThrowIfNull(concepts);
        var names = new List<string>();
        var known = new HashSet<string>();
        foreach (var concept in concepts)
        {
            if (string.IsNullOrWhiteSpace(concept?.Name)) throw new ArgumentException($"Concept number {names.Count} has no name.", nameof(concepts));
            if (known.Add(concept.Name)) names.Add(concept.Name);
            if (string.IsNullOrWhiteSpace(concept.Definition)) continue;
            _definitions.TryAdd(concept.Name, concept.Definition);
            _byFolded.TryAdd(Key(concept.Name), concept.Definition);
        }
        Concepts = [.. names.Select(name => new Concept(name, _definitions.GetValueOrDefault(name)))];
    }

    /// <summary>A dictionary without names.</summary>
    public static ConceptDictionary Empty { get; } = new([]);

    /// <summary>All names, each once, in the order in which they came.</summary>
    public IReadOnlyList<Concept> Concepts { get; }

    /// <summary>Reads a file of names and definitions.</summary>
    /// <param name="path">
    /// JSON when it ends in ".json": {"name": "definition", ...}, where the definition may be null, or an array of names, or of objects with "name" and
    /// "definition" (or "def", as LVIS calls it), or any other file that <see cref="Vocabulary.Load"/> reads. Else text: a line for each name, and after a tab its definition, if any. UTF-8.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Says in which line what is wrong; a name with two definitions is.</exception>
    public static ConceptDictionary Load(string path) => new(ConceptFile.Read(path));

    /// <summary>Reads the nouns of WordNet (Miller 1995), each with the meaning that it has most often.</summary>
    /// <param name="folder">The folder with index.noun and data.noun; by default that of Debian's package wordnet-base. Irregular plurals are in noun.exc, if it is there.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">Says in which file and line what is wrong.</exception>
    public static ConceptDictionary LoadWordNet(string folder = "/usr/share/wordnet") => new(WordNet.Read(folder));

    /// <summary>Definitions by name.</summary>
    public static implicit operator ConceptDictionary(Dictionary<string, string> definitions) => new(definitions.Select(d => new Concept(d.Key, d.Value)));

    /// <summary>These concepts, then those of another dictionary; where both define a name, this one's definition stays.</summary>
    public ConceptDictionary With(ConceptDictionary other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(Concepts.Concat(other.Concepts));
    }

    /// <summary>What a name means; null where the dictionary does not say.</summary>
    /// <remarks>Looks for the name as it is, then without regard to capitals, spaces and underscores, then for its singular or plural.</remarks>
    public string? DefinitionOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (_definitions.TryGetValue(name, out var definition)) return definition;
        return WordForms.AllNumbers(Key(name)).Select(form => _byFolded.GetValueOrDefault(form)).FirstOrDefault(found => found is not null);
    }

    /// <summary>The concept of a name, with its definition where there is one (concept enrichment).</summary>
    public Concept Define(string name) => new(name, DefinitionOf(name));

    private static string Key(string name) => WordForms.Fold(name.Replace('_', ' '));
}
