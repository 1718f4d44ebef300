using System.Collections.ObjectModel;

namespace Microsoft.ML.DetClip;

/// <summary>Words by the name of their culture, in whatever case; never changes, and is equal to another with the same words.</summary>
internal sealed class AliasTable : ReadOnlyDictionary<string, IReadOnlyList<string>>, IEquatable<AliasTable>
{
    private AliasTable(IDictionary<string, IReadOnlyList<string>> words) : base(words) { }

    public static new AliasTable Empty { get; } = Of(null);

    /// <summary>A copy of a table; an empty one of null, which JSON may bring. Cultures are in the order of their names.</summary>
    public static AliasTable Of(IEnumerable<KeyValuePair<string, IReadOnlyList<string>>>? words)
    {
        if (words is AliasTable table) return table;
        var sorted = new SortedDictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);
        foreach (var (culture, those) in words ?? []) sorted[culture] = ValueList.Of((sorted.GetValueOrDefault(culture) ?? []).Concat(those ?? []));
        return new(sorted);
    }

    public bool Equals(AliasTable? other) =>
        other is not null && Count == other.Count && this.All(pair => other.TryGetValue(pair.Key, out var words) && pair.Value.Equals(words));

    public override bool Equals(object? obj) => Equals(obj as AliasTable);

    public override int GetHashCode() => this.Aggregate(Count, (hash, pair) => HashCode.Combine(hash, StringComparer.OrdinalIgnoreCase.GetHashCode(pair.Key), pair.Value));

    public override string ToString() => $"[{string.Join("; ", this.Select(pair => $"{pair.Key}: {string.Join(", ", pair.Value)}"))}]";
}
