using System.Collections.Concurrent;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>Index tables of window attention.</summary>
internal static class WindowIndex
{
    private static readonly ConcurrentDictionary<int, long[]> Cache = new();

    /// <summary>For each ordered pair of the M² positions of a window, the row of the bias table: M⁴ indices below (2M − 1)².</summary>
    public static long[] RelativePositions(int size) => Cache.GetOrAdd(size, static m =>
    {
        var index = new long[m * m * m * m];
        for (var from = 0; from < m * m; from++)
            for (var to = 0; to < m * m; to++)
                index[from * m * m + to] = (from / m - to / m + m - 1) * (2 * m - 1) + (from % m - to % m + m - 1);
        return index;
    });
}
