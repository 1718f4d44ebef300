namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Chooses concepts: a group by its share, then one of the group by its weight or evenly.</summary>
internal sealed class WorldMixture
{
    private readonly (double UpTo, WorldConcept[] Concepts, double[] Sums)[] _groups;

    /// <param name="concepts">The world's.</param>
    /// <param name="isEven">Whether concepts of a group are as frequent as each other; else they have a long tail.</param>
    /// <param name="shares">The share of each group; those without concepts are left out.</param>
    public WorldMixture(IReadOnlyList<WorldConcept> concepts, bool isEven, params (WorldGroup Group, double Share)[] shares)
    {
        var sum = 0.0;
        _groups = [.. shares.Select(s => (s.Share, Concepts: concepts.Where(c => c.Group == s.Group).ToArray())).Where(s => s.Concepts.Length > 0)
            .Select(s => (sum += s.Share, s.Concepts, Sums(s.Concepts, isEven)))];
    }

    /// <summary>Chooses one.</summary>
    public WorldConcept Draw(Random random)
    {
        var place = random.NextDouble() * _groups[^1].UpTo;
        var (_, concepts, sums) = _groups.First(group => place < group.UpTo);
        var found = Array.BinarySearch(sums, random.NextDouble() * sums[^1]);
        return concepts[Math.Min(concepts.Length - 1, found < 0 ? ~found : found + 1)];
    }

    private static double[] Sums(WorldConcept[] concepts, bool isEven)
    {
        var sum = 0.0;
        return [.. concepts.Select(concept => sum += isEven ? 1 : concept.Weight)];
    }
}
