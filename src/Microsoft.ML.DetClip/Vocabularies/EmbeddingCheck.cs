using System.Globalization;
using System.Numerics.Tensors;

namespace Microsoft.ML.DetClip;

/// <summary>What the text encoder's embeddings say about a vocabulary.</summary>
internal static class EmbeddingCheck
{
    /// <summary>For each concept, the most similar one before it, if it is similar enough.</summary>
    /// <param name="concepts">K concepts.</param>
    /// <param name="embeddings">[K, D], row by row.</param>
    /// <param name="similarity">The cosine that is similar enough.</param>
    public static IEnumerable<VocabularyWarning> NearDuplicates(IReadOnlyList<Concept> concepts, ReadOnlyMemory<float> embeddings, double similarity)
    {
        var unit = Unit(embeddings.Span, concepts.Count); // [K, D]
        var width = unit.Length / concepts.Count;
        var nearest = new (int Index, float Cosine)[concepts.Count];
        Parallel.For(1, concepts.Count, k => nearest[k] = NearestBefore(unit, width, k));
        for (var k = 1; k < concepts.Count; k++)
            if (nearest[k] is var (other, cosine) && cosine >= similarity)
                yield return new(VocabularyWarningKind.NearDuplicate, concepts[other].Name, concepts[k].Name, string.Create(CultureInfo.InvariantCulture,
                    $"'{concepts[other].Name}' and '{concepts[k].Name}' are hardly different to the text encoder (cosine {cosine:0.000}): make one a synonym of the other, or tell them apart by definitions."));
    }

    private static float[] Unit(ReadOnlySpan<float> embeddings, int count)
    {
        var unit = embeddings.ToArray();
        var width = unit.Length / count;
        for (var k = 0; k < count; k++)
        {
            var row = unit.AsSpan(k * width, width);
            if (TensorPrimitives.Norm<float>(row) is > 0 and var norm) TensorPrimitives.Divide(row, norm, row);
        }
        return unit;
    }

    private static (int Index, float Cosine) NearestBefore(float[] unit, int width, int k)
    {
        var best = (Index: 0, Cosine: float.NegativeInfinity);
        for (var j = 0; j < k; j++)
        {
            var cosine = TensorPrimitives.Dot(unit.AsSpan(j * width, width), unit.AsSpan(k * width, width));
            if (cosine > best.Cosine) best = (j, cosine);
        }
        return best;
    }
}
