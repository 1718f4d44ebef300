using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The texts of a batch of image-text pairs. A text is its caption and the caption's noun phrases, all of them concepts. DetCLIPv2, section 3.1.</summary>
/// <remarks>B texts of all processes, one for each image; U different concepts; M the most concepts of a text.</remarks>
/// <param name="Concepts">Embeddings of the different concepts: a phrase that several texts share is encoded once. Float [U, D].</param>
/// <param name="Members">For each text the rows of its concepts, the caption first and −1 after the last: int64 [B, M].</param>
/// <param name="First">The text of this process's first image; the next images have the next texts.</param>
internal sealed record PairTexts(Tensor Concepts, Tensor Members, long First = 0)
{
    /// <summary>The concepts of this process's images, of which there are N: int64 [N, M].</summary>
    public Tensor Local(long images) => Members.narrow(0, First, images);

    /// <summary>The texts as their captions alone.</summary>
    public PairTexts CaptionsOnly() => this with { Members = Members.narrow(1, 0, 1) };
}
