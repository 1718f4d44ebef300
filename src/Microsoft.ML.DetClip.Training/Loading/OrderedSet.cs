namespace Microsoft.ML.DetClip.Training;

/// <summary>Different items in the order of their first appearance, and the place of each.</summary>
internal sealed class OrderedSet<T> where T : notnull
{
    private readonly List<T> _items = [];
    private readonly Dictionary<T, int> _places;

    /// <param name="items">The first items.</param>
    /// <param name="comparer">What makes items the same; null asks the items.</param>
    public OrderedSet(IEnumerable<T> items, IEqualityComparer<T>? comparer = null)
    {
        _places = new(comparer);
        AddRange(items);
    }

    /// <summary>The items, each once.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Where the item is in <see cref="Items"/>; it must be there.</summary>
    public int PlaceOf(T item) => _places[item];

    /// <summary>Appends the items that are not there, until there are <paramref name="upTo"/> in all.</summary>
    public void AddRange(IEnumerable<T> items, int upTo = int.MaxValue)
    {
        foreach (var item in items)
        {
            if (_items.Count >= upTo) return;
            if (_places.TryAdd(item, _items.Count)) _items.Add(item);
        }
    }
}
