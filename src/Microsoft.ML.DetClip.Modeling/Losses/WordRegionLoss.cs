using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Modeling;

/// <summary>The loss on image-text pairs: a text's concepts should find their regions in its own image, not in others. DetCLIPv2, section 3.2.</summary>
/// <remarks>
/// N images of this process, B pairs of all processes, k regions of an image, U different concepts, S directions.
/// It is a layer because τ may be learned: then it is the parameter "log_temperature", which the optimizer and checkpoints need.
/// The scores of all images and texts are B·B numbers, but come from N·k·U similarities; where those are too many, they are made for some images at a time,
/// once for the scores and once more for their gradients.
/// </remarks>
internal sealed class WordRegionLoss : Layer
{
    private readonly WordRegionLossOptions _options;
    private readonly ProposalSelector _selector;
    private readonly WordRegionScores _scores;
    private readonly LayerWeight? _logTemperature;

    /// <exception cref="ArgumentException">A setting is out of its range; the message names every one.</exception>
    public WordRegionLoss(WordRegionLossOptions options) : base(nameof(WordRegionLoss))
    {
        _options = options.Checked();
        _selector = new(options);
        _scores = new(options);
        if (!options.LearnTemperature) return;
        using var scope = NewDisposeScope();
        _logTemperature = Weight("log_temperature", full(1, Number(Math.Log(options.Temperature))));
        _logTemperature.Value.DetachFromDisposeScope();
    }

    /// <summary>τ as it is now.</summary>
    public double Temperature => _logTemperature is null ? _options.Temperature : Math.Exp(_logTemperature.Value.to(float64).item<double>());

    /// <summary>The loss of what the network said about the images.</summary>
    /// <param name="output">The network's output for N images.</param>
    /// <param name="texts">B texts.</param>
    /// <param name="logits">What makes logits of embeddings; proposals are ranked by it. The loss itself compares by the plain product.</param>
    /// <param name="gather">See <see cref="Compute(Tensor, Tensor, PairTexts, Func{Tensor, Tensor}?)"/>.</param>
    /// <exception cref="ArgumentException">Images and texts are not as many, or the proposal score is an output that the head does not have.</exception>
    public WordRegionLossParts Compute(HeadOutput<Tensor> output, PairTexts texts, LogitFunction logits, Func<Tensor, Tensor>? gather = null)
    {
        using var scope = NewDisposeScope();
        var proposals = _selector.Select(output, texts, logits);
        var (regions, valid) = (proposals.Gather(output.Embeddings), proposals.Valid);      // [N, k, D], [N, k]
        if (_options.Matching == WordRegionMatching.LargestBox)
        {
            var place = proposals.Largest.unsqueeze(1);                                     // [N, 1]
            (regions, valid) = (regions.gather(1, place.unsqueeze(-1).expand(-1, -1, regions.shape[2])), valid.gather(1, place)); // [N, 1, D], [N, 1]
            texts = texts.CaptionsOnly();
        }
        return Compute(regions, valid, texts, gather).MoveToOuterDisposeScope();
    }

    /// <summary>The loss of chosen regions.</summary>
    /// <param name="regions">Embeddings of each image's proposals, float [N, k, D].</param>
    /// <param name="valid">False where there is no proposal, bool [N, k].</param>
    /// <param name="texts">B texts; image i of this process has text <see cref="PairTexts.First"/> + i.</param>
    /// <param name="gather">
    /// Joins the scores of all processes: [N, S, B] of this one → [B, S, B] in the order of the texts, keeping the gradient of its own rows.
    /// Null where there is one process.
    /// Every process then has the same loss. Gradients of regions and concepts add up over the processes to the whole one; that of τ is whole in each.
    /// </param>
    /// <exception cref="ArgumentException">Images and texts are not as many.</exception>
    public WordRegionLossParts Compute(Tensor regions, Tensor valid, PairTexts texts, Func<Tensor, Tensor>? gather = null)
    {
        using var scope = NewDisposeScope();
        (regions, texts) = (regions.AtLeastFloat32(), texts with { Concepts = texts.Concepts.AtLeastFloat32() });
        var images = Math.Max(1, _options.BlockElements / Math.Max(1, _scores.ElementsPerImage(regions.shape[1], texts)));
        var (contrast, scores) = images >= regions.shape[0] || !is_grad_enabled()
            ? AtOnce(InBlocks(regions, valid, texts, images), gather)
            : InBlocksWithGradient(regions, valid, texts, images, gather);
        return new WordRegionLossParts(contrast * Number(_options.Weight), contrast, Accuracy(scores)).MoveToOuterDisposeScope();
    }

    private (Tensor Contrast, Tensor Scores) AtOnce(Tensor scores, Func<Tensor, Tensor>? gather)
    {
        var all = Gather(scores, gather);
        return (Contrast(all), all.detach());
    }

    // The loss depends on the scores alone, so its gradient there is all that a block needs to know of the others.
    private (Tensor Contrast, Tensor Scores) InBlocksWithGradient(Tensor regions, Tensor valid, PairTexts texts, long images, Func<Tensor, Tensor>? gather)
    {
        var scores = WithoutGradient(() => InBlocks(regions, valid, texts, images)).requires_grad_(); // [N, S, B]
        var all = Gather(scores, gather);                                             // [B, S, B]
        var slopes = autograd.grad([Contrast(all)], [scores])[0];                     // [N, S, B]
        var linear = BlockwiseSum.Compute(regions, [texts.Concepts], images, (block, start, shared) =>
        {
            var ofBlock = _scores.Compute(block, valid.narrow(0, start, block.shape[0]), texts with { Concepts = shared[0] });
            return (ofBlock * slopes.narrow(0, start, block.shape[0])).sum();
        });
        all = all.detach();
        return (Contrast(all).Plus(linear - linear.detach()), all);                     // τ learns through the first term
    }

    /// <summary>Scores of all images, some images at a time: [N, S, B].</summary>
    private Tensor InBlocks(Tensor regions, Tensor valid, PairTexts texts, long images) => cat(
        [.. regions.split(images).Zip(valid.split(images), (block, ofBlock) => _scores.Compute(block, ofBlock, texts))]);

    private static Tensor WithoutGradient(Func<Tensor> compute)
    {
        using var noGrad = no_grad();
        return compute();
    }

    private static Tensor Gather(Tensor scores, Func<Tensor, Tensor>? gather)
    {
        var all = gather is null ? scores : gather(scores);
        return all.shape[0] == all.shape[2] ? all : throw new ArgumentException(
            $"There are {all.shape[0]} images but {all.shape[2]} texts; each image needs one text, its own, in the same order.");
    }

    /// <summary>Mean over the directions: [B, S, B] → [].</summary>
    private Tensor Contrast(Tensor scores)
    {
        var logits = _logTemperature is null ? scores / Number(_options.Temperature) : scores / _logTemperature.Value.exp();
        var losses = Searches(logits).Select(search => ContrastiveLoss.Mean(search, _options.LabelSmoothing));
        return stack(losses).mean();
    }

    private Tensor Accuracy(Tensor scores)
    {
        using var noGrad = no_grad();
        return stack(Searches(scores).Select(ContrastiveLoss.Accuracy)).mean();
    }

    /// <summary>One [B, B] for each direction, whose rows are what searches and whose columns are what may be found.</summary>
    private IEnumerable<Tensor> Searches(Tensor scores)
    {
        var directions = scores.unbind(1);                                            // [images, texts] each
        for (var i = 0; i < directions.Length; i++)
        {
            var fromText = i == 0 && _options.Direction != ContrastDirection.ImageToText;
            var overImages = _options.Candidates == ContrastCandidates.Images || (_options.Candidates == ContrastCandidates.Retrieved && fromText);
            yield return overImages ? directions[i].t() : directions[i];
        }
    }
}
