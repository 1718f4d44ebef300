namespace Microsoft.ML.DetClip.Datasets;

/// <summary>What to look for in images, and what the objects found are called: several phrases may share a label, such as "bike" and "racing bicycle" that of "bicycle".</summary>
/// <example><code>
/// var ontology = new LabelOntology(new Dictionary&lt;Concept, string&gt; { ["bike"] = "bicycle", ["racing bicycle"] = "bicycle", ["van"] = "car" });
/// </code></example>
public sealed class LabelOntology
{
    private readonly Dictionary<string, string> _labels;

    /// <summary>Phrases with the label of each.</summary>
    /// <exception cref="ArgumentException">There is no phrase, one is blank or there twice but for case and spaces, or a label is blank.</exception>
    public LabelOntology(IEnumerable<KeyValuePair<Concept, string>> labelled)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        var all = labelled.ToArray();
        Phrases = [.. all.Select(entry => entry.Key)];
        if (Phrases.Count == 0) throw new ArgumentException("There is nothing to look for: name at least one phrase.", nameof(labelled));
        if (VocabularyFaults.Of(Phrases, "The ontology") is { } fault) throw new ArgumentException($"{fault}.", nameof(labelled));
        if (all.FirstOrDefault(entry => string.IsNullOrWhiteSpace(entry.Value)) is { Key: { } unnamed }) throw new ArgumentException($"The phrase '{unnamed.Name}' has a blank label.", nameof(labelled));
        _labels = all.ToDictionary(entry => entry.Key.Name, entry => entry.Value.Trim());
        Labels = [.. _labels.Values.Distinct()];
    }

    /// <summary>Phrases that are their own labels.</summary>
    /// <exception cref="ArgumentException">There is no phrase, or one is blank or there twice but for case and spaces.</exception>
    public LabelOntology(IEnumerable<Concept> phrases) : this(phrases.Select(phrase => KeyValuePair.Create(phrase, phrase.Name)))
    {
    }

    /// <summary>What the detector is asked for.</summary>
    public IReadOnlyList<Concept> Phrases { get; }

    /// <summary>What objects may be called, each once, in the order of the phrases.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>The label of a phrase.</summary>
    /// <exception cref="KeyNotFoundException">It is none of <see cref="Phrases"/>.</exception>
    public string LabelOf(string phrase) => _labels[phrase];

    /// <summary>Reads a file: a phrase in each line, or JSON.</summary>
    /// <param name="path">
    /// Lines are "phrase", "phrase => label", or either with a definition behind the phrase and a tab. A file that ends in .json holds an array of texts and of objects with
    /// "name", and "definition" and "label" where there are some, or one object of names and definitions.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">Says what is wrong, in text files in which line.</exception>
    public static LabelOntology Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return new(LabelOntologyFile.Read(path));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }
}
