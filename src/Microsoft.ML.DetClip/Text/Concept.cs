namespace Microsoft.ML.DetClip;

/// <summary>Something to look for: a name, and what it means. Each concept is one sentence to the text encoder (DetCLIPv2, section 3.1).</summary>
/// <param name="Name">The words a user would say, such as "mug" or "red car"; also the label of what is found.</param>
/// <param name="Definition">A dictionary definition, which tells the model which sense is meant: "bass", "a low-frequency drum".</param>
public sealed record Concept(string Name, string? Definition = null)
{
    /// <summary>What the text encoder reads: the name, or "name, definition" (concept enrichment).</summary>
    public string Sentence => string.IsNullOrWhiteSpace(Definition) ? Name : $"{Name}, {Definition}";

    /// <summary>Concepts that share a group suppress one another with <see cref="NmsScope.Group"/>, as synonyms should: "car", "automobile". Case does not matter.</summary>
    public string? Group { get; init; }

    /// <summary>What is looked for instead of the sentence, such as the mean of example regions; see <see cref="OpenVocabularyDetectionTransformer.ConceptFromExamples"/>.</summary>
    public ConceptEmbedding? Embedding { get; init; }

    /// <summary>A name alone is a concept.</summary>
    public static implicit operator Concept(string name) => new(name);
}
