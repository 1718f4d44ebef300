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
    private readonly LearningRateSchedule _schedule;
    private readonly RunSettings _settings;

    /// <param name="network">Trained in place; it is moved to the device.</param>
    /// <param name="tokenizer">What turns concepts into the network's token ids.</param>
    /// <param name="samples">The data set, at least one sample.</param>
    /// <param name="options">Every other choice.</param>
    /// <param name="device">Where the network runs.</param>
    /// <param name="warn">Told of images that cannot be read, on other threads than the loop's but one at a time.</param>
    /// <param name="replay">Samples of earlier training; null for none.</param>
    public TrainingLoop(
        DetClipNetwork network, ITextTokenizer tokenizer, IReadOnlyList<TrainingSample> samples, DetClipTrainer.Options options, torch.Device device,
        Action<string>? warn = null, IReadOnlyList<TrainingSample>? replay = null)
    {
        (_network, _options, _device) = (network, options, device);
        _batches = new BatchMaker(samples, new SentenceTokens(tokenizer, network.Config.Text.Length), options, warn: warn, replay: replay);
        _schedule = LearningRateSchedule.Of(options, TotalSteps);
        _settings = RunSettings.Of(options, samples, replay ?? []);
    }

    /// <summary>Steps of the whole run.</summary>
    public long TotalSteps => _batches.Schedule.TotalSteps;

    /// <summary>Measures the network now and then, when given; see <see cref="DetClipTrainer.Options.EpochsPerValidation"/>.</summary>
    public TrainingValidation? Validation { get; init; }

    /// <summary>Offsets of embeddings that are trained, when given: with the network or instead of it, see <see cref="FineTuningMode"/>.</summary>
    public EmbeddingOffsets? Offsets { get; init; }

    /// <summary>Where checkpoints are written, when given, and where the run goes on from when there is one; see <see cref="DetClipTrainer.Options.Resume"/>.</summary>
    public RunFolder? Folder { get; init; }

    /// <summary>Trains until the end of the run, or until it is cancelled; what was learned by then stays in the network.</summary>
    /// <param name="afterStep">Told of every step after it was done; the network then has its live weights.</param>
    /// <param name="cancellation">Ends the run after the current step.</param>
    /// <returns>Steps done, those before a checkpoint that the run went on from included.</returns>
    /// <exception cref="NonFiniteLossException">The loss is no number any more; the weights are those before that step.</exception>
    /// <exception cref="InvalidDataException">The checkpoint in the folder is damaged, or of another run; says how it differs.</exception>
    public long Run(Action<TrainingProgress>? afterStep = null, CancellationToken cancellation = default)
    {
        using var threads = OperatorThreads.Use(_options.OperatorThreads);
        random.manual_seed(_options.Seed);
        using var state = new TrainingState(_network, _options, _device, Offsets);
        Folder?.Begin(state, _settings, _options.Resume);
        TrainedParts.SetMode(_network, _options.Mode);
        Run(state, afterStep, cancellation);
        Folder?.SaveLast(state, _settings);
        state.Average?.Swap();
        if (state.Best is { Any: true } best) best.Restore();
        _network.eval();
        return state.Step;
    }

    private void Run(TrainingState state, Action<TrainingProgress>? afterStep, CancellationToken cancellation)
    {
        var speed = new Throughput();
        var ofStep = _options.AccumulationSteps;
        using var batches = BatchLoader.Run(_batches.Make, state.Step * ofStep, TotalSteps * ofStep, _options.BatchesAhead).GetEnumerator();
        if (state.Step != state.MeasuredStep && IsValidationDue(state.Step)) Validate(state, cancellation);
        while (state.Step < TotalSteps && !state.Watch.ShouldStop && !cancellation.IsCancellationRequested)
        {
            var progress = Step(state, batches, speed);
            if (IsValidationDue(state.Step)) progress = progress with { Validation = Validate(state, cancellation) };
            if (state.Step % _options.StepsPerCheckpoint == 0) Folder?.SaveLast(state, _settings);
            afterStep?.Invoke(progress);
        }
    }

    private bool IsValidationDue(long step) => Validation is not null && step > 0 && (step == TotalSteps
        || Math.Floor(_batches.Schedule.EpochAt(step) / _options.EpochsPerValidation) > Math.Floor(_batches.Schedule.EpochAt(step - 1) / _options.EpochsPerValidation));

    // Measures what the run would end with: the average where there is one.
    private CocoMetrics? Validate(TrainingState state, CancellationToken cancellation)
    {
        state.Average?.Swap();
        try
        {
            var metrics = Validation!.Measure(_network, cancellation);
            state.MeasuredStep = state.Step;
            if (state.Watch.Add(metrics.AP))
            {
                state.Best?.Keep();
                if (Offsets is null) Folder?.SaveBest(state, _settings);
            }
            return metrics;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            state.Average?.Swap();
            TrainedParts.SetMode(_network, _options.Mode);
        }
    }

    private TrainingProgress Step(TrainingState state, IEnumerator<Loaded<TrainingBatch>> batches, Throughput speed)
    {
        var (kind, _) = _batches.Schedule.At(state.Step);
        var (loss, images, waited) = AddGradients(state, batches);
        var rate = _schedule.FactorAt(state.Step) * state.Watch.Factor;
        var norm = state.Optimizer.Step(rate);
        if (!double.IsFinite(norm) && !state.MayOverflow) throw new NonFiniteLossException(state.Step + 1, kind, "gradient", norm, images);
        state.Average?.Update();
        state.Step++;
        return new(state.Step, TotalSteps, _batches.Schedule.EpochAt(state.Step), loss.Total, loss.Alignment, loss.Boxes, loss.Centerness,
            rate * _options.LearningRate, norm, speed.Tick(images.Count))
        {
            Kind = kind, PairLoss = loss.Pairs, PairAccuracy = loss.PairAccuracy, PairTemperature = state.Pairs.Temperature, WaitSeconds = waited,
        };
    }

    // The mean over the batches of a step: of their losses here, of their gradients in the optimizer.
    private (LossValues Loss, IReadOnlyList<string> Images, double WaitSeconds) AddGradients(TrainingState state, IEnumerator<Loaded<TrainingBatch>> batches)
    {
        var losses = new BatchLoss(_network, state.Pairs, _options, state.Offsets);
        var (sum, images, waited) = (new LossValues(), new List<string>(), 0.0);
        for (var i = 0; i < _options.AccumulationSteps && batches.MoveNext(); i++)
        {
            using var scope = NewDisposeScope();
            using var batch = batches.Current.Item.To(_device);
            var (total, values) = losses.Compute(batch);
            if (values.NonFinite is { } part) throw new NonFiniteLossException(state.Step + 1, batch.Kind, part.Name, part.Value, batch.Images);
            state.Optimizer.Add(total, _options.AccumulationSteps);
            sum = sum.Plus(values, 1.0 / _options.AccumulationSteps);
            images.AddRange(batch.Images);
            waited += batches.Current.WaitSeconds;
        }
        return (sum, images, waited);
    }

    /// <summary>Images per second over the last steps.</summary>
    private sealed class Throughput
    {
        private const int Window = 20;
        private readonly Queue<(long End, int Images)> _steps = new([(Stopwatch.GetTimestamp(), 0)]);

        public double Tick(int images)
        {
            _steps.Enqueue((Stopwatch.GetTimestamp(), images));
            if (_steps.Count > Window + 1) _steps.Dequeue();
            return _steps.Skip(1).Sum(s => s.Images) / Stopwatch.GetElapsedTime(_steps.Peek().End).TotalSeconds;
        }
    }
}
