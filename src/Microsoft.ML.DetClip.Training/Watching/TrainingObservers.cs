using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Several observers as one. It owns them.</summary>
internal sealed class TrainingObservers(params IReadOnlyList<ITrainingObserver> observers) : ITrainingObserver
{
    /// <summary>What the options ask for: messages about epochs and, with a run folder, its files.</summary>
    /// <param name="options">The options.</param>
    /// <param name="trained">The network, with what the pictures look for.</param>
    /// <param name="shown">What the pictures show, as many as the options say.</param>
    /// <param name="channel">Takes the messages.</param>
    public static TrainingObservers Of(DetClipTrainer.Options options, TrainedNetwork trained, IReadOnlyList<TrainingSample> shown, IChannel channel)
    {
        var epochs = new EpochMessages(options.Epochs, message => channel.Info(MessageSensitivity.None, "{0}", message));
        if (options.RunFolder is not { } folder) return new(epochs);
        var tokens = new SentenceTokens(trained.Tokenizer, trained.Network.Config.Text.Length);
        var size = options.Detection;
        var pictures = new SamplePictures(Path.Combine(folder, RunFiles.SamplesFolderName), [.. shown.Take(options.SamplePictures).Select(s => s.Image)],
            network => new NetworkDetector(network, tokens, trained.Labels, size.ShortSide, size.LongSide, trained.Offsets) { Selection = SamplePictures.Shown });
        return new(epochs, new RunFiles(folder, options.StepsPerPicture, pictures));
    }

    /// <inheritdoc/>
    public void AfterStep(TrainingProgress step, DetClipNetwork network)
    {
        foreach (var observer in observers) observer.AfterStep(step, network);
    }

    /// <inheritdoc/>
    public void AfterRun(TrainingProgress last)
    {
        foreach (var observer in observers) observer.AfterRun(last);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var observer in observers) observer.Dispose();
    }
}
