using Microsoft.ML.DetClip.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training.Tests;

/// <summary>The first step of a run with <see cref="Tiny.Network"/>, as far as its gradient.</summary>
internal static class FirstStep
{
    /// <summary>Loss and gradient of all parameters in one row, on the CPU. Random parts are off.</summary>
    /// <param name="network">It is moved to the device.</param>
    /// <param name="kind">Kind of its batch.</param>
    /// <param name="precision">Number format of products.</param>
    /// <param name="device">Where it is computed; null for the CPU.</param>
    public static (double Loss, Tensor Gradient) LossAndGradient(DetClipNetwork network, SampleKind kind, TrainingPrecision precision, Device? device = null)
    {
        device ??= CPU;
        // All regions and no choice among them: the nearest of many random ones is another one after rounding.
        var words = new WordRegionLossOptions { Proposals = 1000, ProposalIouThreshold = 1, Matching = WordRegionMatching.OneToMany, Weight = 1 };
        var options = Tiny.Options with { Precision = precision, Pairs = Tiny.Options.Detection, Grounding = Tiny.Options.Detection, WordRegion = words };
        network.to(device);
        using var pairs = new WordRegionLoss(options.WordRegion).to(device);
        using var batch = new BatchMaker([.. Tiny.Samples(2).Select(s => Tiny.As(kind, s))], new SentenceTokens(Tiny.Tokenizer, length: 4), options).Make(0).To(device);
        foreach (var parameter in network.parameters()) parameter.grad = null;
        network.eval();
        random.manual_seed(1);
        var (total, values) = new BatchLoss(network, pairs, options).Compute(batch);
        const float Scale = 1024; // what keeps small gradients from vanishing in float16
        (total * Scale).backward();
        return (values.Total, cat([.. network.parameters().Select(p => p.grad).OfType<Tensor>().Select(g => g.flatten())]).cpu() / Scale);
    }
}
