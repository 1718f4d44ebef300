namespace Microsoft.ML.DetClip;

/// <summary>Concepts as they are read, each name once.</summary>
internal sealed class ConceptCollection
{
    private readonly Dictionary<string, (Concept Concept, string Place)> _known = [];
    private readonly List<Concept> _concepts = [];

    public IReadOnlyList<Concept> Concepts => _concepts;

    /// <summary>Takes a concept, its name and definition trimmed; the same one again is not another.</summary>
    /// <param name="concept">Its name may be missing.</param>
    /// <param name="place">Where it stands, such as "line 3", for messages.</param>
    /// <returns>What is wrong with it; null when nothing is.</returns>
    public string? Add(Concept concept, string place)
    {
        if (string.IsNullOrWhiteSpace(concept.Name)) return "there is no name";
        concept = concept with { Name = concept.Name.Trim(), Definition = string.IsNullOrWhiteSpace(concept.Definition) ? null : concept.Definition.Trim() };
        if (_known.TryAdd(concept.Name, (concept, place))) _concepts.Add(concept);
        else if (_known[concept.Name].Concept.Definition != concept.Definition) return $"'{concept.Name}' has another definition than in {_known[concept.Name].Place}";
        else if (_known[concept.Name].Concept != concept) return $"'{concept.Name}' is described in another way than in {_known[concept.Name].Place}";
        return null;
    }
}
