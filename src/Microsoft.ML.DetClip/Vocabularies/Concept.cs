namespace Microsoft.ML.DetClip;

/// <summary>Something to look for: a name, what it means, and how it is told from others. A sentence is what the text encoder reads (DetCLIPv2, section 3.1).</summary>
/// <remarks>Immutable; two concepts are equal when all that they say is.</remarks>
/// <param name="Name">The words a user would say, such as "mug" or "red car", in the language the model was trained in; also the label of what is found.</param>
/// <param name="Definition">A dictionary definition, which tells the model which sense is meant: "bass", "a low-frequency drum".</param>
public sealed record Concept(string Name, string? Definition = null)
{
    /// <summary>What the text encoder reads of the name: the name, or "name, definition" (concept enrichment).</summary>
    public string Sentence => SentenceOf(Name);

    /// <summary>Other phrases for the same thing, such as "couch" for "sofa"; what they find has the label <see cref="Name"/>. They share the definition.</summary>
    public IReadOnlyList<string> Synonyms { get; init => field = ValueList.Of(value); } = ValueList.Of<string>(null);

    /// <summary>How name and synonyms become one score.</summary>
    public PhraseCombination Combination { get; init; }

    /// <summary>
    /// Phrases for what is not meant, such as "toy car" for "car": where one of them has a higher score than the concept, the concept does not count. A phrase that is the
    /// name of another concept of the vocabulary stands for that concept with its definition and synonyms.
    /// </summary>
    public IReadOnlyList<string> Negatives { get; init => field = ValueList.Of(value); } = ValueList.Of<string>(null);

    /// <summary>Only detections of this concept with a higher score are kept, 0 to 1; null for the threshold that holds for all.</summary>
    public float? Threshold { get; init; }

    /// <summary>
    /// Name of a more general concept of the same vocabulary, such as "animal" for "dog"; null for none. Where the detector is not sure of the child, its score speaks for
    /// the parent; see <see cref="Vocabulary"/>.
    /// </summary>
    public string? Parent { get; init; }

    /// <summary>Concepts that share a group suppress one another with <see cref="NmsScope.Group"/>, as rivals for one place should: "car", "van". Case does not matter.</summary>
    public string? Group { get; init; }

    /// <summary>
    /// What is looked for instead of name, definition and synonyms, such as the mean of example regions: see <see cref="OpenVocabularyDetectionTransformer.ConceptFromExamples"/>.
    /// </summary>
    public ConceptEmbedding? Embedding { get; init; }

    /// <summary>Words of other languages by the name of their culture, such as "de" or "pt-BR". They are ways to ask for the concept and to show it; the model reads <see cref="Name"/>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Aliases { get; init => field = AliasTable.Of(value); } = AliasTable.Empty;

    /// <summary>A name alone is a concept.</summary>
    public static implicit operator Concept(string name) => new(name);

    /// <summary>What the text encoder reads of each phrase: the name's sentence, then those of the synonyms.</summary>
    internal IEnumerable<string> Sentences => Synonyms.Select(SentenceOf).Prepend(Sentence);

    /// <summary>The label in a language: the first word of the culture, or of the one it belongs to ("de" for "de-AT"); else the name.</summary>
    internal string LabelIn(string culture)
    {
        for (var name = culture; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('-'))])
            if (Aliases.TryGetValue(name, out var words) && words.Count > 0) return words[0];
        return Name;
    }

    private string SentenceOf(string phrase) => string.IsNullOrWhiteSpace(Definition) ? phrase : $"{phrase}, {Definition}";
}
