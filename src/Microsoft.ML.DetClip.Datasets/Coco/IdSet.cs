namespace Microsoft.ML.DetClip.Datasets;

/// <summary>A set of ids that are mostly consecutive: a bit for each where they are.</summary>
internal sealed class IdSet
{
    private readonly Dictionary<long, ulong> _words = [];

    /// <returns>False when the id was there before.</returns>
    public bool Add(long id)
    {
        ref var word = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_words, id >> 6, out _);
        var bit = 1UL << (int)(id & 63);
        var isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }
}
