namespace Microsoft.ML.DetClip;

/// <summary>Region embeddings to a concept embedding.</summary>
internal static class VisualPrompt
{
    /// <summary>The mean direction of regions, less what is common to all regions, at the length of a text, mixed with the text, at that length again.</summary>
    /// <remarks>
    /// Regions of anything agree more with one another than with any text. What they have in common tells nothing of the example, but would raise its scores everywhere.
    /// </remarks>
    /// <param name="text">The concept embedding of a text, [D].</param>
    /// <param name="regions">Region embeddings, each [D].</param>
    /// <param name="common">Mean of region embeddings of anything, each of length 1 before, [D].</param>
    /// <param name="textWeight">0 to 1.</param>
    /// <param name="conceptBias">Whether the last number is a bias, which stays the text's; see <see cref="RegionScoring.ConceptBias"/>.</param>
    public static float[] Mix(float[] text, IReadOnlyList<float[]> regions, float[] common, float textWeight, bool conceptBias)
    {
        var width = conceptBias ? text.Length - 1 : text.Length;
        var length = Vectors.Length(text.AsSpan(0, width));
        var own = Vectors.Add(MeanDirection(regions, width), Vectors.Scale(common.AsSpan(0, width), -1));
        var mixed = Vectors.Add(Vectors.Scale(text.AsSpan(0, width), textWeight), Vectors.Scale(WithLength(own, length), 1 - textWeight));
        return [.. WithLength(mixed, length), .. text.AsSpan(width)];
    }

    /// <summary>The mean of embeddings, each brought to length 1 first.</summary>
    /// <param name="regions">Embeddings, at least <paramref name="width"/> long each.</param>
    /// <param name="width">The numbers that are a direction.</param>
    public static float[] MeanDirection(IReadOnlyCollection<float[]> regions, int width)
    {
        var sum = new float[width];
        foreach (var region in regions) sum = Vectors.Add(sum, WithLength(region.AsSpan(0, width), 1));
        return Vectors.Scale(sum, 1f / Math.Max(1, regions.Count));
    }

    // Nothing has no direction, and stays nothing.
    private static float[] WithLength(ReadOnlySpan<float> a, float length) => Vectors.Length(a) is > 1e-20f and var own ? Vectors.Scale(a, length / own) : new float[a.Length];
}
