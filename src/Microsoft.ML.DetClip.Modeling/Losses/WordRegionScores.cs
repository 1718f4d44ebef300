using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>How well images and texts go together, judged by their regions and concepts. DetCLIPv2, equations 2 to 4.</summary>
/// <remarks>n images, k regions of an image, B texts, M concepts of a text, U different concepts, S directions (1 or 2).</remarks>
/// <param name="options">Matching, aggregation and direction.</param>
internal sealed class WordRegionScores(WordRegionLossOptions options)
{
    private bool FromTexts => options.Direction != ContrastDirection.ImageToText;

    private bool FromImages => options.Direction != ContrastDirection.TextToImage;

    /// <summary>Similarities that exist at one time for each image.</summary>
    public long ElementsPerImage(long regions, PairTexts texts) =>
        regions * (texts.Concepts.shape[0] + (FromImages ? texts.Members.numel() : 0));

    /// <param name="regions">Embeddings of proposals, float [n, k, D].</param>
    /// <param name="valid">False where there is no proposal, bool [n, k].</param>
    /// <param name="texts">B texts.</param>
    /// <returns>The score of every image and text by each direction, that from the text first: [n, S, B].</returns>
    public Tensor Compute(Tensor regions, Tensor valid, PairTexts texts)
    {
        using var scope = NewDisposeScope();
        var similarities = regions.matmul(texts.Concepts.t());                 // [n, k, U]
        var scores = new List<Tensor>();
        if (FromTexts) scores.Add(FromTextToImage(similarities, valid, texts.Members));
        if (FromImages) scores.Add(FromImageToText(similarities, valid, texts.Members));
        return stack(scores, 1).MoveToOuterDisposeScope();
    }

    // Every concept looks among the regions; a concept of several texts looks once.
    private Tensor FromTextToImage(Tensor similarities, Tensor valid, Tensor members)
    {
        var found = Match(similarities, valid.unsqueeze(-1), dim: 1);          // [n, U]
        return Aggregate(OfTexts(found, members), members.ge(Number(0)), dim: -1);     // [n, B, M] → [n, B]
    }

    // Every region looks among the concepts of each text.
    private Tensor FromImageToText(Tensor similarities, Tensor valid, Tensor members)
    {
        var found = Match(OfTexts(similarities, members), members.ge(Number(0)), dim: -1); // [n, k, B, M] → [n, k, B]
        return Aggregate(found, valid.unsqueeze(-1), dim: 1);                  // [n, B]
    }

    /// <summary>[..., U] → [..., B, M]; places without a concept hold those of concept 0.</summary>
    private static Tensor OfTexts(Tensor x, Tensor members) =>
        x.index_select(x.dim() - 1, members.clamp(min: Number(0)).flatten()).view([.. x.shape[..^1], .. members.shape]);

    private Tensor Match(Tensor x, Tensor valid, long dim)
    {
        var allowed = x.masked_fill(valid.logical_not(), Number(double.NegativeInfinity));
        return options.Matching == WordRegionMatching.OneToMany
            ? ((allowed / Number(options.MatchingTemperature)).softmax(dim) * x).sum(dim)
            : allowed.max(dim).values;
    }

    private Tensor Aggregate(Tensor x, Tensor valid, long dim)
    {
        var sum = x.masked_fill(valid.logical_not(), Number(0)).sum(dim);
        return options.Aggregation == ConceptAggregation.Sum ? sum : sum / valid.sum(dim).clamp(min: Number(1));
    }
}
