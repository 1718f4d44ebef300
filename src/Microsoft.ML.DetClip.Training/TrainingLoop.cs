using System.Diagnostics;
using Microsoft.ML.DetClip.Evaluation;
using Microsoft.ML.DetClip.Modeling;
using TorchSharp;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Trains a network on samples: one batch, one loss, one step after another. On a CPU the same seed gives the same weights.</summary>
internal sealed class TrainingLoop
{
    private readonly DetClipNetwork _network;
    private readonly DetClipTrainer.Options _options;
    private readonly torch.Device _device;
    private readonly BatchMaker _batches;
    private readonly DetectionLoss _loss;
    private readonly LearningRateSchedule _schedule;

    /// <param name="network">Trained in place; it is moved to the device.</param>
    /// <param name="tokenizer">What turns concepts into the network's token ids.</param>
    /// <param name="samples">The data set, at least one sample.</param>
    /// <param name="options">Every other choice.</param>
    /// <param name="device">Where the network runs.</param>
    public TrainingLoop(DetClipNetwork network, ITextTokenizer tokenizer, IReadOnlyList<TrainingSample> samples, DetClipTrainer.Options options, torch.Device device)
    {
        (_network, _options, _device) = (network, options, device);
        _batches = new BatchMaker(samples, new SentenceTokens(tokenizer, network.Config.Text.Length), options);
        _loss = new DetectionLoss(options.BoxWeight, options.CenternessWeight);
        _schedule = new LearningRateSchedule(options.WarmupSteps, TotalSteps);
    }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => _batches.Schedule.TotalSteps;

    /// <summary>Measures the network now and then, when given; see <see cref="DetClipTrainer.Options.EpochsPerValidation"/>.</summary>
    public TrainingValidation? Validation { get; init; }

    /// <summary>Trains until the end of the run, or until it is cancelled; what was learned by then stays in the network.</summary>
    /// <param name="afterStep">Told of every step after it was done; may save the network, which then has its live weights.</param>
    /// <param name="cancellation">Ends the run after the current step.</param>
    /// <returns>Steps done.</returns>
    /// <exception cref="NonFiniteLossException">The loss is no number any more; the weights are those before that step.</exception>
    public long Run(Action<TrainingProgress>? afterStep = null, CancellationToken cancellation = default)
    {
        random.manual_seed(_options.Seed);
        _network.to(_device);
        _network.train();
        using var optimizer = new NetworkOptimizer(
            ParameterGroups.Of(_network, _options.TextRateFactor), _options.LearningRate, _options.WeightDecay, _options.MaxGradientNorm);
        using var average = _options.AverageDecay > 0 ? new WeightAverage(_network, _options.AverageDecay) : null;
        var speed = new Throughput(_options.Detection.BatchSize);
        long step = 0;
        foreach (var loaded in BatchLoader.Run(_batches.Make, 0, TotalSteps, _options.BatchesAhead))
        {
            using var batch = loaded.Item.To(_device);
            if (cancellation.IsCancellationRequested) break;
            var progress = Step(step, batch, optimizer) with { ImagesPerSecond = speed.Tick() };
            average?.Update();
            step++;
            if (IsValidationDue(step)) progress = progress with { Validation = Validate(average, cancellation) };
            afterStep?.Invoke(progress);
        }
        average?.Swap();
        _network.eval();
        return step;
    }

    private bool IsValidationDue(long step) => Validation is not null && (step == TotalSteps
        || Math.Floor(_batches.Schedule.EpochAt(step) / _options.EpochsPerValidation) > Math.Floor(_batches.Schedule.EpochAt(step - 1) / _options.EpochsPerValidation));

    // Measures what the run would end with: the average where there is one.
    private CocoMetrics? Validate(WeightAverage? average, CancellationToken cancellation)
    {
        average?.Swap();
        try
        {
            return Validation!.Measure(_network, cancellation);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            average?.Swap();
            _network.train();
        }
    }

    private TrainingProgress Step(long step, TrainingBatch batch, NetworkOptimizer optimizer)
    {
        using var scope = NewDisposeScope();
        var parts = Loss(batch);
        var loss = parts.Total.item<float>();
        if (!float.IsFinite(loss)) throw new NonFiniteLossException(step + 1, loss, batch.Images);
        var rate = _schedule.FactorAt(step);
        var norm = optimizer.Step(parts.Total, rate);
        return new(step + 1, TotalSteps, _batches.Schedule.EpochAt(step + 1), loss, parts.Alignment.item<float>(), parts.Boxes.item<float>(), parts.Centerness.item<float>(),
            rate * _options.LearningRate, norm, ImagesPerSecond: 0);
    }

    private DetectionLossParts Loss(TrainingBatch batch)
    {
        var concepts = _network.EncodeText(TorchOps.Training, batch.Tokens);             // [K, D]
        var output = _network.Locations(TorchOps.Training, batch.Pixels);
        var logits = _network.Logits(TorchOps.Training, output.Embeddings, concepts);    // [N, L, K]
        return _loss.Compute(output, logits, batch.Targets);
    }

    /// <summary>Images per second over the last steps.</summary>
    private sealed class Throughput(int batchSize)
    {
        private const int Window = 20;
        private readonly Queue<long> _ends = new([Stopwatch.GetTimestamp()]);

        public double Tick()
        {
            _ends.Enqueue(Stopwatch.GetTimestamp());
            if (_ends.Count > Window + 1) _ends.Dequeue();
            return batchSize * (_ends.Count - 1) / Stopwatch.GetElapsedTime(_ends.Peek()).TotalSeconds;
        }
    }
}
