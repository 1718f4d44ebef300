namespace Microsoft.ML.DetClip;

/// <summary>Region embeddings to a concept embedding.</summary>
internal static class VisualPrompt
{
    /// <summary>The mean direction of regions, at the length of a text, mixed with the text, at that length again.</summary>
    /// <param name="text">The concept embedding of a text, [D].</param>
    /// <param name="regions">Region embeddings, each [D].</param>
    /// <param name="textWeight">0 to 1.</param>
    /// <param name="conceptBias">Whether the last number is a bias, which stays the text's; see <see cref="RegionScoring.ConceptBias"/>.</param>
    public static float[] Mix(float[] text, IReadOnlyList<float[]> regions, float textWeight, bool conceptBias)
    {
        var width = conceptBias ? text.Length - 1 : text.Length;
        var length = Vectors.Length(text.AsSpan(0, width));
        var mean = new float[width];
        foreach (var region in regions) mean = Vectors.Add(mean, WithLength(region.AsSpan(0, width), 1));
        var mixed = Vectors.Add(Vectors.Scale(text.AsSpan(0, width), textWeight), Vectors.Scale(WithLength(mean, length), 1 - textWeight));
        return [.. WithLength(mixed, length), .. text.AsSpan(width)];
    }

    private static float[] WithLength(ReadOnlySpan<float> a, float length) => Vectors.Scale(a, length / MathF.Max(Vectors.Length(a), float.Epsilon));
}
