using System.Globalization;

namespace Microsoft.ML.DetClip;

/// <summary>What is wrong with a list of concepts.</summary>
internal static class VocabularyFaults
{
    /// <summary>Every fault, one after the other; null when there is none.</summary>
    /// <remarks>The text encoder reads lower case, so names that are the same but for case and spaces are one to it, and to who reads the results.</remarks>
    /// <param name="concepts">Null where JSON had null.</param>
    /// <param name="name">What messages call the list.</param>
    public static string? Of(IReadOnlyList<Concept?> concepts, string name)
    {
        var named = concepts.OfType<Concept>().Where(c => !string.IsNullOrWhiteSpace(c.Name)).ToArray();
        string[] faults = [.. Blank(concepts, name), .. Twice(concepts, name), .. named.SelectMany(OfOne), .. OfParents(named)];
        return faults.Length > 0 ? string.Join("; ", faults) : null;
    }

    private static IEnumerable<string> Blank(IReadOnlyList<Concept?> concepts, string name)
    {
        var blank = Enumerable.Range(0, concepts.Count).Where(i => string.IsNullOrWhiteSpace(concepts[i]?.Name)).ToArray();
        if (blank.Length > 0) yield return $"{name} has no name at {string.Join(", ", blank)}";
    }

    private static IEnumerable<string> Twice(IReadOnlyList<Concept?> concepts, string name)
    {
        var twice = concepts.Select((concept, i) => (concept?.Name, Index: i)).Where(c => !string.IsNullOrWhiteSpace(c.Name))
            .GroupBy(c => WordForms.Fold(c.Name!)).Where(g => g.Count() > 1)
            .Select(g => $"'{g.First().Name}' at {string.Join(", ", g.Select(c => c.Index))}").ToArray();
        if (twice.Length > 0) yield return $"{name} names a class more than once: {string.Join("; ", twice)}";
    }

    private static IEnumerable<string> OfOne(Concept concept)
    {
        if (concept.Synonyms.Any(string.IsNullOrWhiteSpace)) yield return $"'{concept.Name}' has a blank synonym";
        if (concept.Negatives.Any(string.IsNullOrWhiteSpace)) yield return $"'{concept.Name}' has a blank negative";
        if (concept.Aliases.Any(a => string.IsNullOrWhiteSpace(a.Key) || a.Value.Any(string.IsNullOrWhiteSpace))) yield return $"'{concept.Name}' has a blank alias or culture";
        if (concept.Negatives.FirstOrDefault(n => MeansItself(concept, n)) is { } negative) yield return $"'{concept.Name}' has the negative '{negative}', which is itself";
        if (concept.Threshold is { } t && t is not (>= 0 and <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"'{concept.Name}' has the threshold {t}, allowed: 0 to 1");
        if (!Enum.IsDefined(concept.Combination)) yield return $"'{concept.Name}' has the combination {concept.Combination}, allowed: {string.Join(", ", Enum.GetNames<PhraseCombination>())}";
    }

    private static bool MeansItself(Concept concept, string? negative) =>
        !string.IsNullOrWhiteSpace(negative) && concept.Synonyms.Prepend(concept.Name).Any(p => p is not null && WordForms.Fold(p) == WordForms.Fold(negative));

    private static IEnumerable<string> OfParents(Concept[] concepts)
    {
        var byName = concepts.GroupBy(c => WordForms.Fold(c.Name)).ToDictionary(g => g.Key, g => g.First());
        var inCircles = new HashSet<Concept>();
        foreach (var concept in concepts.Where(c => c.Parent is not null))
            if (!byName.ContainsKey(WordForms.Fold(concept.Parent!))) yield return $"'{concept.Name}' has the unknown parent '{concept.Parent}'";
            else if (CircleFrom(concept, byName) is { } circle && !circle.Any(inCircles.Contains))
            {
                inCircles.UnionWith(circle);
                yield return $"parents go in a circle: {string.Join(" → ", circle.Append(concept).Select(c => $"'{c.Name}'"))}";
            }
    }

    // From a concept by its parents back to itself; null when they lead elsewhere.
    private static List<Concept>? CircleFrom(Concept start, Dictionary<string, Concept> byName)
    {
        var line = new List<Concept>();
        var seen = new HashSet<string>();
        for (Concept? next = start; next is not null && seen.Add(WordForms.Fold(next.Name)); next = next.Parent is null ? null : byName.GetValueOrDefault(WordForms.Fold(next.Parent)))
        {
            line.Add(next);
            if (next.Parent is not null && WordForms.Fold(next.Parent) == WordForms.Fold(start.Name)) return line;
        }
        return null;
    }
}
