using Microsoft.ML.DetClip.Modeling;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Which parts of a network a run trains.</summary>
internal static class TrainedParts
{
    private const string Head = "head";

    /// <summary>Turns gradients on for what is trained and off for everything else.</summary>
    /// <exception cref="ArgumentException">What is to be frozen is not there, or nothing is left to train.</exception>
    public static void Apply(DetClipNetwork network, DetClipTrainer.Options options)
    {
        if (options.Mode == FineTuningMode.OffsetsOnly)
        {
            foreach (var parameter in network.parameters()) parameter.requires_grad = false;
            return;
        }
        var whole = network.named_children().Select(part => part.name).Where(name => options.Mode == FineTuningMode.HeadOnly && name != Head);
        FrozenParameters.Apply(network, [.. options.Freeze, .. whole.Where(name => network.named_parameters().Any(p => FrozenParameters.Matches(name, p.name)))], textToo: options.TextRateFactor == 0 || options.Mode == FineTuningMode.ClosedSet);
    }

    /// <summary>Puts what is trained into training mode and everything else into evaluation mode: running means of norms are no parameters, but change in training.</summary>
    public static void SetMode(DetClipNetwork network, FineTuningMode mode)
    {
        network.train(mode is FineTuningMode.Full or FineTuningMode.ClosedSet);
        if (mode == FineTuningMode.HeadOnly) network.named_children().Single(part => part.name == Head).module.train();
    }
}
