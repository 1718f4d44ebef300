namespace Microsoft.ML.DetClip;

/// <summary>What to look for, encoded.</summary>
/// <param name="Concepts">K concepts.</param>
/// <param name="Embeddings">[K, D], row by row.</param>
internal sealed record Vocabulary(IReadOnlyList<Concept> Concepts, float[] Embeddings)
{
    /// <summary>A number for each concept, the same for those of one <see cref="Concept.Group"/>, [K].</summary>
    public int[] Groups { get; } = NumberGroups(Concepts);

    /// <summary>What is wrong with a list of labels: blank names, or names that are the same but for case and surrounding spaces; null when nothing is.</summary>
    /// <remarks>The text encoder reads lower case, so it could not tell such names apart, and neither could who reads the results.</remarks>
    public static string? FaultOf(IReadOnlyList<Concept?> labels, string name)
    {
        var blank = Enumerable.Range(0, labels.Count).Where(i => string.IsNullOrWhiteSpace(labels[i]?.Name)).ToArray();
        if (blank.Length > 0) return $"{name} has no name at {Positions(blank)}";
        var twice = labels.Select((label, i) => (label!.Name, i))
            .GroupBy(l => l.Name.Trim(), l => l, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .Select(g => $"'{g.First().Name}' at {Positions(g.Select(l => l.i))}").ToArray();
        return twice.Length > 0 ? $"{name} names a class more than once: {string.Join("; ", twice)}" : null;
    }

    private static int[] NumberGroups(IReadOnlyList<Concept> concepts)
    {
        var first = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return [.. concepts.Select((c, k) => string.IsNullOrWhiteSpace(c.Group) ? k : first.TryAdd(c.Group.Trim(), k) ? k : first[c.Group.Trim()])];
    }

    private static string Positions(IEnumerable<int> indices) => string.Join(", ", indices);
}
