using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Microsoft.ML.DetClip;

/// <summary>The best scores of a long list, without sorting the list.</summary>
internal static class TopScores
{
    /// <summary>Indices of the <paramref name="count"/> best scores above the threshold, best first, lower index first among equals.</summary>
    /// <remarks>One vectorised look at each score; only those above what is needed so far are kept, in a buffer of twice the count.</remarks>
    public static int[] Find(ReadOnlySpan<float> scores, float threshold, int count)
    {
        var length = (int)Math.Min(scores.Length, 2L * count);
        var rented = ArrayPool<ulong>.Shared.Rent(length);
        try
        {
            return Find(scores, threshold, count, rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<ulong>.Shared.Return(rented);
        }
    }

    private static int[] Find(ReadOnlySpan<float> scores, float threshold, int count, Span<ulong> buffer)
    {
        var filled = 0;
        for (var i = NextAbove(scores, 0, threshold); i < scores.Length; i = NextAbove(scores, i + 1, threshold))
        {
            if (filled == buffer.Length)
            {
                buffer.Sort();
                filled = count;
                // A later score must beat the last one kept: an equal one has the higher index.
                threshold = MathF.Max(threshold, scores[Index(buffer[count - 1])]);
                if (!(scores[i] > threshold)) continue;
            }
            buffer[filled++] = Key(scores[i], i);
        }
        var found = buffer[..filled];
        found.Sort();
        var indices = new int[Math.Min(filled, count)];
        for (var i = 0; i < indices.Length; i++) indices[i] = Index(found[i]);
        return indices;
    }

    private static int NextAbove(ReadOnlySpan<float> scores, int i, float threshold)
    {
        ref var start = ref MemoryMarshal.GetReference(scores);
        for (; i + Vector<float>.Count <= scores.Length; i += Vector<float>.Count)
            if (Vector.GreaterThanAny(Vector.LoadUnsafe(ref start, (nuint)i), new Vector<float>(threshold)))
                break;
        while (i < scores.Length && !(scores[i] > threshold)) i++;
        return i;
    }

    // Smaller key = better: the score's bits, made monotonic and turned round, above the index.
    public static ulong Key(float score, int index)
    {
        var bits = BitConverter.SingleToUInt32Bits(score + 0f); // + 0 makes -0 and 0 equal
        var rising = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return (ulong)~rising << 32 | (uint)index;
    }

    private static int Index(ulong key) => (int)(uint)key;
}
