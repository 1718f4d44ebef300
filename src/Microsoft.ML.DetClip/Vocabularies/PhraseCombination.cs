using System.Text.Json.Serialization;

namespace Microsoft.ML.DetClip;

/// <summary>How the phrases of a <see cref="Concept"/>, its name and its synonyms, become one score.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PhraseCombination>))]
public enum PhraseCombination
{
    /// <summary>The score of the phrase that fits a region best: one more synonym never lowers a score.</summary>
    MaxScore,

    /// <summary>
    /// The score of the mean of the phrases' embeddings, made as long as they are on average (as CLIP's ensembles of prompts, Radford et al. 2021, section 3.1.4):
    /// steadier where every phrase says a little of the same thing, and no slower than one phrase.
    /// </summary>
    MeanEmbedding,
}
