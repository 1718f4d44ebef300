using System.Collections;
using System.Runtime.CompilerServices;

namespace Microsoft.ML.DetClip;

/// <summary>What to look for: concepts and how they are related. Immutable and checked; it goes wherever a list of concepts goes.</summary>
/// <remarks>
/// The score of a concept in a region depends on itself and its relatives alone, by these rules, in this order:
/// <list type="number">
/// <item>Its phrases become one score by <see cref="Concept.Combination"/>.</item>
/// <item>Where a negative has a higher score, the concept's is 0.</item>
/// <item>From the most special to the most general: where a child is found, which is to say its score is above its threshold, the parent is not reported, for the child's
/// label says more. Where it is not, the parent's score becomes the higher one of its own and the child's. So a region has one label of each line of descent: the most
/// special one that the detector is sure of.</item>
/// </list>
/// Of two boxes that overlap by more than the IoU threshold, one found as a concept and one as its ancestor, the ancestor's goes.
/// </remarks>
[CollectionBuilder(typeof(Vocabulary), nameof(Create))]
public sealed partial class Vocabulary : IReadOnlyList<Concept>, IEquatable<Vocabulary>
{
    private readonly ValueList<Concept> _concepts;
    private readonly Lazy<Dictionary<string, Concept>> _words;

    /// <param name="concepts">Names, or concepts with all that is known of them; at least one.</param>
    /// <exception cref="ArgumentException">Names every fault: no concept, a blank name or phrase, a name twice, a threshold out of range, a parent that is not there, parents in a circle.</exception>
    public Vocabulary(IEnumerable<Concept> concepts)
    {
        ArgumentNullException.ThrowIfNull(concepts);
        _concepts = ValueList.Of(concepts);
        if (_concepts.Count == 0) throw new ArgumentException("The vocabulary is empty: name at least one concept.");
        if (VocabularyFaults.Of(_concepts, "The vocabulary") is { } fault) throw new ArgumentException($"{fault}.");
        _words = new(() => WordsOf(_concepts));
    }

    /// <summary>K.</summary>
    public int Count => _concepts.Count;

    /// <summary>The concept at a place, 0 to K − 1.</summary>
    public Concept this[int index] => _concepts[index];

    /// <summary>A vocabulary of a collection expression: <c>Vocabulary animals = ["dog", "zebra"];</c></summary>
    /// <exception cref="ArgumentException">As for the constructor.</exception>
    public static Vocabulary Create(ReadOnlySpan<Concept> concepts) => new([.. concepts]);

    /// <summary>Reads a vocabulary from a file.</summary>
    /// <param name="path">
    /// JSON when it ends in ".json": what <see cref="Save"/> writes; a list of names, or of objects with "name", "definition" and whatever else a concept has; definitions by
    /// name; or categories of COCO and LVIS, alone or in an annotation file, whose names get spaces for underscores and, from LVIS, definitions ("def") and synonyms. Else text:
    /// a line for each name, and after a tab its definition, if any. UTF-8.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is of another layout, and says in which line; or the vocabulary has faults, and says all of them.</exception>
    public static Vocabulary Load(string path)
    {
        var concepts = ConceptFile.Read(path);
        try
        {
            return new(concepts);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"'{path}': {e.Message}", e);
        }
    }

    /// <summary>Writes the vocabulary as JSON with everything it says; <see cref="Load"/> gives an equal one. An old file is replaced when the new one is complete.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.Write(path, stream => VocabularyJson.Write(stream, _concepts));
    }

    /// <summary>The concept that a word stands for: one with that name, else with that synonym, else with that alias of any language; null when there is none.</summary>
    /// <remarks>Capitals and spaces do not matter. Of several concepts the first is meant; <see cref="Check()"/> warns of such words.</remarks>
    public Concept? Find(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return _words.Value.GetValueOrDefault(WordForms.Fold(word));
    }

    /// <summary>The labels in a language, in the order of the concepts: the first alias of the culture, or of the one it belongs to; else the name.</summary>
    /// <param name="culture">Such as "de" or "pt-BR".</param>
    public IReadOnlyList<string> LabelsIn(string culture)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(culture);
        return [.. _concepts.Select(concept => concept.LabelIn(culture))];
    }

    /// <inheritdoc/>
    public IEnumerator<Concept> GetEnumerator() => _concepts.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Whether the concepts are equal, in the same order.</summary>
    public bool Equals(Vocabulary? other) => other is not null && _concepts.Equals(other._concepts);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Vocabulary);

    /// <inheritdoc/>
    public override int GetHashCode() => _concepts.GetHashCode();

    /// <summary>The concepts that words stand for; a word that stands for none is a new concept. A parent that is not among them gives way to the next one that is.</summary>
    internal IReadOnlyList<Concept> Choose(IReadOnlyList<string> words)
    {
        Concept[] chosen = [.. words.Select(word => Find(word) ?? new(word))];
        var names = chosen.Select(c => WordForms.Fold(c.Name)).ToHashSet();
        return [.. chosen.Select(concept => concept with { Parent = NextParent(concept, names) })];
    }

    private string? NextParent(Concept concept, HashSet<string> names)
    {
        var parent = concept.Parent;
        while (parent is not null && !names.Contains(WordForms.Fold(parent))) parent = Find(parent)!.Parent;
        return parent;
    }

    private static Dictionary<string, Concept> WordsOf(IReadOnlyList<Concept> concepts)
    {
        var words = new Dictionary<string, Concept>();
        foreach (var concept in concepts) words.TryAdd(WordForms.Fold(concept.Name), concept);
        foreach (var concept in concepts)
            foreach (var synonym in concept.Synonyms) words.TryAdd(WordForms.Fold(synonym), concept);
        foreach (var concept in concepts)
            foreach (var alias in concept.Aliases.Values.SelectMany(a => a)) words.TryAdd(WordForms.Fold(alias), concept);
        return words;
    }
}
