using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>What training ends with. It owns the network.</summary>
/// <param name="Network">In evaluation mode.</param>
/// <param name="Tokenizer">The tokenizer that it was trained with.</param>
/// <param name="Labels">Everything that the images showed, each once, in the order of appearance.</param>
internal sealed record TrainedNetwork(DetClipNetwork Network, ClipTokenizer Tokenizer, IReadOnlyList<Concept> Labels) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
