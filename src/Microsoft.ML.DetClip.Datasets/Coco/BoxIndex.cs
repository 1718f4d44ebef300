namespace Microsoft.ML.DetClip.Datasets;

/// <summary>The boxes of a large annotation file, 24 bytes each, found by image: what is held of a file while its samples are given out.</summary>
/// <remarks>Boxes of one image form a chain in the order they were added. The store grows by blocks, so that nothing is copied.</remarks>
internal sealed class BoxIndex
{
    private const int BlockBits = 14;
    private const int BlockSize = 1 << BlockBits;
    private readonly List<Entry[]> _blocks = [];
    private int _count;

    /// <summary>Where the boxes of one image begin and end; empty by default.</summary>
    public struct Chain
    {
        /// <summary>Numbers from 1; 0 where there is none.</summary>
        public int First, Last;
    }

    /// <summary>Adds a box at the end of a chain.</summary>
    public void Add(ref Chain chain, Box box, int label, bool isCrowd)
    {
        if (_count >> BlockBits == _blocks.Count) _blocks.Add(new Entry[BlockSize]);
        At(++_count) = new() { Box = box, LabelAndCrowd = label << 1 | (isCrowd ? 1 : 0) };
        if (chain.First == 0) chain.First = _count;
        else At(chain.Last).Next = _count;
        chain.Last = _count;
    }

    /// <summary>The boxes of a chain.</summary>
    public IEnumerable<(Box Box, int Label, bool IsCrowd)> Of(Chain chain)
    {
        for (var at = chain.First; at != 0; at = At(at).Next) yield return (At(at).Box, At(at).LabelAndCrowd >> 1, (At(at).LabelAndCrowd & 1) != 0);
    }

    private ref Entry At(int number) => ref _blocks[(number - 1) >> BlockBits][(number - 1) & (BlockSize - 1)];

    private struct Entry
    {
        public Box Box;
        public int LabelAndCrowd;
        public int Next;
    }
}
