namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Shuffles what is too long to hold: from a window of items each next one is drawn by chance.</summary>
internal static class WindowShuffle
{
    /// <summary>All items, each once, in an order that follows from the seed; those of a sequence that fits the window in an order by pure chance.</summary>
    public static IEnumerable<T> Of<T>(IEnumerable<T> items, int window, int seed)
    {
        var random = new Random(seed);
        var held = new List<T>();
        foreach (var item in items)
        {
            held.Add(item);
            if (held.Count > window) yield return Draw(held, random);
        }
        while (held.Count > 0) yield return Draw(held, random);
    }

    private static T Draw<T>(List<T> held, Random random)
    {
        var at = random.Next(held.Count);
        var item = held[at];
        held[at] = held[^1];
        held.RemoveAt(held.Count - 1);
        return item;
    }
}
