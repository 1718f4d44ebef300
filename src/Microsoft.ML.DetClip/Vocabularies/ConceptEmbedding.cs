namespace Microsoft.ML.DetClip;

/// <summary>A concept's place among the concepts of one text encoder, given as numbers instead of words.</summary>
/// <param name="TextEncoderHash">The encoder, as <see cref="DetectorManifest.TextEncoderHash"/> has it; no other detector takes the numbers.</param>
/// <param name="Values">[D]</param>
public sealed record ConceptEmbedding(string TextEncoderHash, IReadOnlyList<float> Values)
{
    /// <summary>True for the same numbers of the same encoder.</summary>
    public bool Equals(ConceptEmbedding? other) => other is not null && TextEncoderHash == other.TextEncoderHash && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(TextEncoderHash, Values.Count, Values.Count > 0 ? Values[0] : 0);

    /// <exception cref="ArgumentException">The numbers are of another encoder or width, or not finite.</exception>
    internal float[] ValuesFor(DetectorManifest manifest, string concept)
    {
        if (!TextEncoderHash.Equals(manifest.TextEncoderHash, StringComparison.OrdinalIgnoreCase))
            throw new ArgumentException($"The embedding of '{concept}' was made with another text encoder ({TextEncoderHash}) than the detector's ({manifest.TextEncoderHash}); make it again with this one.");
        if (Values.Count != manifest.EmbeddingWidth || !Values.All(float.IsFinite))
            throw new ArgumentException($"The embedding of '{concept}' must be {manifest.EmbeddingWidth} finite numbers; it has {Values.Count(float.IsFinite)}.");
        return [.. Values];
    }
}
