using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>A network in training or after it, with what belongs to it. It owns the network.</summary>
/// <param name="Network">In evaluation mode once training is over.</param>
/// <param name="Tokenizer">The tokenizer that it is trained with.</param>
/// <param name="Labels">Everything that the images showed, each once, in the order of appearance.</param>
internal sealed record TrainedNetwork(DetClipNetwork Network, ClipTokenizer Tokenizer, IReadOnlyList<Concept> Labels) : IDisposable
{
    /// <summary>Offsets of the labels' embeddings, where they are trained; else null.</summary>
    public EmbeddingOffsets? Offsets { get; init; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Offsets?.Dispose();
    }
}
