using Microsoft.ML.DetClip.Evaluation;
using Microsoft.ML.DetClip.Modeling;
using Microsoft.ML.Runtime;
using TorchSharp;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Trains an open-vocabulary detector on images with labelled boxes, with captions, or both (DetCLIPv2, Yao et al. 2023).</summary>
/// <remarks>
/// <list type="table">
/// <item><term>Does this estimator need to look at the data to train?</term><description>Yes, many times; rows are read once, images are decoded again in each epoch.</description></item>
/// <item><term>Input columns</term><description>Image: path (text) or encoded file (vector of <see cref="byte"/>). Labels: vector of text. Boxes: vector of <see cref="float"/>, x0 y0 x1 y1. Caption: text, where there is one; see <see cref="Options.CaptionColumnName"/>.</description></item>
/// <item><term>Result</term><description><see cref="OpenVocabularyDetectionTransformer"/>, which runs without torch, looking for the labels seen in training; it takes any others too.</description></item>
/// <item><term>Required NuGet besides Microsoft.ML.DetClip.Training</term><description>A TorchSharp runtime, such as TorchSharp-cpu, and Microsoft.ML.OnnxRuntime.</description></item>
/// <item><term>Exportable to ONNX</term><description>The result runs ONNX graphs already.</description></item>
/// </list>
/// </remarks>
public sealed partial class DetClipTrainer : IEstimator<OpenVocabularyDetectionTransformer>
{
    /// <summary>Ids of a tokenizer without merges: 256 bytes, 256 bytes that end a word, start and end mark.</summary>
    private const int ByteVocabulary = 514;

    private readonly IHost _host;
    private readonly Options _options;

    internal DetClipTrainer(IHostEnvironment environment, Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _host = environment.Register(nameof(DetClipTrainer));
        _options = options.Checked();
    }

    /// <summary>Trains on all rows.</summary>
    /// <returns>A detector that looks for the labels seen; it owns native memory.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, or there are no rows.</exception>
    /// <exception cref="InvalidDataException">A row makes no sense, too many images cannot be read, or the checkpoint in <see cref="Options.RunFolder"/> is
    /// damaged or of another run; says which and why.</exception>
    /// <exception cref="NonFiniteLossException">Training diverged.</exception>
    public OpenVocabularyDetectionTransformer Fit(IDataView input) => Fit(input, progress: null);

    /// <summary>Trains on all rows, telling how it goes, until the end or until it is cancelled.</summary>
    /// <param name="input">The data.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Ends training after the current step; the detector knows what was learned by then.</param>
    /// <returns>A detector that looks for the labels seen; it owns native memory.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public OpenVocabularyDetectionTransformer Fit(IDataView input, IProgress<TrainingProgress>? progress, CancellationToken cancellation = default) =>
        Fit(new TrainingData(input), progress, cancellation);

    /// <summary>Trains on the rows of one data view and measures on those of another: COCO's metrics go to <paramref name="progress"/> and to the log.</summary>
    /// <param name="input">What is learned from.</param>
    /// <param name="validation">What is measured on, with the same columns; see <see cref="Options.EpochsPerValidation"/>.</param>
    /// <param name="progress">Told after each step.</param>
    /// <param name="cancellation">Ends training after the current step; the detector knows what was learned by then.</param>
    /// <returns>A detector that looks for the labels seen in training; it owns native memory.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public OpenVocabularyDetectionTransformer Fit(
        IDataView input, IDataView validation, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(validation);
        return Fit(new TrainingData(input) { Validation = validation }, progress, cancellation);
    }

    /// <summary>Trains on data of several roles: new data, old data that must not be forgotten, and data to measure on.</summary>
    /// <param name="data">The data.</param>
    /// <param name="progress">Told after each step; with <see cref="TrainingData.Held"/> once more after the last one.</param>
    /// <param name="cancellation">Ends training after the current step; the detector knows what was learned by then.</param>
    /// <returns>A detector that looks for the labels of <see cref="TrainingData.Input"/>; it owns native memory. After <see cref="FineTuningMode.OffsetsOnly"/> or <see cref="FineTuningMode.ClosedSet"/> it has a <see cref="OpenVocabularyDetectionTransformer.Delta"/>.</returns>
    /// <exception cref="ArgumentException">A column is missing or of another type, there are no rows, or there is data to replay where nothing can be forgotten.</exception>
    /// <exception cref="OperationCanceledException">Cancelled before the first step.</exception>
    public OpenVocabularyDetectionTransformer Fit(TrainingData data, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(data.Input);
        using var trained = Train(TrainingSamples.Read(data, _options), progress, cancellation);
        var options = new OpenVocabularyDetectionEstimator.Options { ImageColumnName = _options.ImageColumnName, Labels = trained.Labels };
        var model = Export(trained);
        var detector = OpenVocabularyDetectionTransformer.Create(_host, model, options.Checked());
        if (trained.Offsets is null) return detector;
        using (detector) return detector.WithDelta(trained.Offsets.ToDelta(model.Hash()));
    }

    /// <summary>The input's columns and those that the trained detector adds.</summary>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = new SampleColumns(_options);
        columns.Check(SchemaShapes.ToSchema(inputSchema, columns.Names));
        return DetectionColumns.AddTo(inputSchema, new OpenVocabularyDetectionEstimator.Options());
    }

    private DetectorModel Export(TrainedNetwork trained)
    {
        var folder = Directory.CreateTempSubdirectory("detclip").FullName;
        try
        {
            var sizes = new ExportOptions { ShortSide = _options.Detection.ShortSide, LongSide = _options.Detection.LongSide, SizeDivisor = Augmentation.SizeDivisor };
            DetectorExporter.Export(trained.Network, trained.Tokenizer, sizes, folder);
            return DetectorModel.Load(folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private TrainedNetwork Train(TrainingSamples data, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var channel = _host.Start("Training");
        var trained = FirstNetwork(data.Input, channel);
        try
        {
            WarnOfCuts(channel, trained);
            Run(data, trained, channel, progress, cancellation);
            return trained;
        }
        catch
        {
            trained.Dispose();
            throw;
        }
    }

    private void Run(TrainingSamples data, TrainedNetwork trained, IChannel channel, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        using var observers = TrainingObservers.Of(_options, trained, data.Validation.Count > 0 ? data.Validation : data.Input, channel);
        void Warn(string message) => channel.Warning(MessageSensitivity.UserData, "{0}", message);
        var device = ChooseDevice(channel);
        trained.Network.to(device);
        trained.Offsets?.to(device);
        var loop = new TrainingLoop(trained.Network, trained.Tokenizer, data.Input, _options, device, Warn, data.Replay)
        {
            Validation = ValidationOf(data.Validation, trained, trained.Labels, Warn),
            Folder = _options.RunFolder is { } folder ? new(folder, trained.Tokenizer) : null,
            Offsets = trained.Offsets,
        };
        var held = ValidationOf(data.Held, trained, [], Warn);
        var before = held is null ? null : MeasureBefore(held, trained, cancellation);
        TrainingProgress? last = null;
        var steps = loop.Run(step => AfterStep(last = step, trained, observers, channel, progress), cancellation);
        if (steps == 0) cancellation.ThrowIfCancellationRequested();
        if (steps < loop.TotalSteps)
            channel.Warning(MessageSensitivity.None, "Training ended after step {0} of {1}: it was cancelled, or no longer got better; what was learned is kept.", steps, loop.TotalSteps);
        if (held is null) return;
        var outcome = new HeldVocabulary(held.NameCount, held.ImageCount, before!, held.Measure(trained.Network, CancellationToken.None));
        channel.Info(MessageSensitivity.None, "{0}", outcome);
        if (last is null) return;
        last = last with { Held = outcome };
        observers.AfterRun(last);
        progress?.Report(last);
    }

    // A run that goes on has trained its network already: what it began with is in the file that it started from.
    private CocoMetrics MeasureBefore(TrainingValidation held, TrainedNetwork trained, CancellationToken cancellation)
    {
        if (LastCheckpoint() is null || _options.StartFrom is null) return held.Measure(trained.Network, cancellation);
        using var first = FromCheckpoint(_options.StartFrom, []);
        return held.Measure(first.Network, cancellation);
    }

    private TrainedNetwork FirstNetwork(IReadOnlyList<TrainingSample> samples, IChannel channel)
    {
        var labels = SampleTexts.Labels(samples);
        if (LastCheckpoint() is { } last)
        {
            channel.Info(MessageSensitivity.None, "Training goes on from '{0}'.", last);
            return WithOffsets(FromCheckpoint(last, labels));
        }
        if (_options.StartFrom is { } path) return WithOffsets(FromCheckpoint(path, labels));
        var merges = _options.Network.Text.Vocabulary - ByteVocabulary;
        var tokenizer = _options.Tokenizer ?? BytePairLearner.Learn(SampleTexts.All(samples, labels), merges);
        var text = _options.Network.Text with { Vocabulary = tokenizer.VocabularySize };
        var first = new TrainedNetwork(DetClipNetwork.Create(_options.Network with { Text = text }, _options.Seed), tokenizer, labels);
        try
        {
            foreach (var file in _options.InitialWeights) channel.Info(MessageSensitivity.None, "{0}", WeightImport.Into(first.Network, file));
            return WithOffsets(first);
        }
        catch
        {
            first.Dispose();
            throw;
        }
    }

    private string? LastCheckpoint() =>
        _options is { Resume: true, RunFolder: { } folder } && File.Exists(RunFolder.LastIn(folder)) ? RunFolder.LastIn(folder) : null;

    private TrainedNetwork WithOffsets(TrainedNetwork network) =>
        EmbeddingOffsets.AreLearned(_options.Mode) ? network with { Offsets = EmbeddingOffsets.For(network.Network.Config, network.Labels) } : network;

    private static TrainedNetwork FromCheckpoint(string path, IReadOnlyList<Concept> labels)
    {
        using var checkpoint = Checkpoint.Open(path);
        return new(checkpoint.CreateNetwork(), checkpoint.Tokenizer, labels);
    }

    private TrainingValidation? ValidationOf(IReadOnlyList<TrainingSample> samples, TrainedNetwork trained, IReadOnlyList<Concept> labels, Action<string> warn)
    {
        if (samples.Count == 0) return null;
        var concepts = new OrderedSet<Concept>(labels.Concat(samples.SelectMany(s => s.Concepts))).Items;
        var tokens = new SentenceTokens(trained.Tokenizer, trained.Network.Config.Text.Length);
        return new(samples, concepts, tokens, _options.Detection.ShortSide, _options.Detection.LongSide) { Offsets = trained.Offsets, Warn = warn };
    }

    private void AfterStep(TrainingProgress step, TrainedNetwork trained, TrainingObservers observers, IChannel channel, IProgress<TrainingProgress>? progress)
    {
        observers.AfterStep(step, trained.Network);
        progress?.Report(step);
        if (step.Step % _options.StepsPerMessage == 0 || step.Validation is not null) channel.Info(MessageSensitivity.None, "{0}", step);
    }

    private static void WarnOfCuts(IChannel channel, TrainedNetwork network)
    {
        foreach (var label in network.Labels)
            if (network.Tokenizer.EncodePadded(label.Sentence, network.Network.Config.Text.Length) is { WasCut: true } row)
                channel.Warning(MessageSensitivity.UserData, "The text '{0}' is too long; '{1}' is not read.", label.Sentence, row.LostText);
    }

    private torch.Device ChooseDevice(IChannel channel)
    {
        var wanted = MlNetInternals.DeviceOf(_host);
        if (wanted.GpuId is not { } gpu) return torch.CPU;
        if (torch.cuda.is_available() && gpu < torch.cuda.device_count()) return torch.device(DeviceType.CUDA, gpu);
        if (!wanted.FallbackToCpu)
            throw new InvalidOperationException($"GPU {gpu} cannot be used by TorchSharp. Reference its CUDA runtime (DetClipDevice=cuda), or set MLContext.FallbackToCpu.");
        channel.Warning(MessageSensitivity.None, "GPU {0} cannot be used by TorchSharp, training on the CPU.", gpu);
        return torch.CPU;
    }
}
