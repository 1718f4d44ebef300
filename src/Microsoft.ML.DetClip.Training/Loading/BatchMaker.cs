using System.Runtime.ExceptionServices;
using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Makes a batch of a step: decodes, varies and joins its images, and gathers their concepts. Thread-safe, and the same for the same number.</summary>
internal sealed class BatchMaker
{
    private readonly SentenceTokens _tokens;
    private readonly int _threads;
    private readonly Dictionary<SampleKind, KindSource> _sources, _replay;
    private readonly int _batchesOfStep;

    /// <param name="samples">The data set, at least one sample.</param>
    /// <param name="tokens">Token ids of concepts.</param>
    /// <param name="options">Seed, epochs, and the choices about each kind.</param>
    /// <param name="worker">The process whose slice of each batch is made; null where there is one.</param>
    /// <param name="warn">Told of every image that cannot be read; called by one thread at a time, but not by the taker's.</param>
    /// <param name="replay">Samples of earlier training; null for none.</param>
    /// <exception cref="ArgumentException">A batch has fewer images than there are processes.</exception>
    public BatchMaker(
        IReadOnlyList<TrainingSample> samples, SentenceTokens tokens, DetClipTrainer.Options options, Worker? worker = null, Action<string>? warn = null,
        IReadOnlyList<TrainingSample>? replay = null)
    {
        (_tokens, _threads, _batchesOfStep) = (tokens, options.LoadingThreads, options.AccumulationSteps);
        warn = warn is null ? null : OneAtATime(warn);
        _sources = SourcesOf(samples, isReplay: false);
        _replay = SourcesOf(replay ?? [], isReplay: true);
        Schedule = new(CountsOf(_sources), options, CountsOf(_replay));

        // What is absent from an image is known only of the names that its own data are labelled with.
        Dictionary<SampleKind, KindSource> SourcesOf(IReadOnlyList<TrainingSample> all, bool isReplay)
        {
            var pools = new ConceptPools(all, options.Concepts);
            return all.GroupBy(s => s.Kind)
                .ToDictionary(kind => kind.Key, kind => new KindSource(kind.Key, [.. kind], pools.Of(kind.Key), options, worker ?? Worker.Alone, warn, isReplay));
        }
    }

    /// <summary>Steps of the run and their kinds.</summary>
    public KindSchedule Schedule { get; }

    /// <summary>Images found by now that cannot be read. Others took their place, so batches have their full size.</summary>
    public int BrokenCount => _sources.Values.Concat(_replay.Values).Sum(source => source.Broken.Count);

    /// <summary>A batch, on the CPU.</summary>
    /// <param name="batch">Which of the run's batches, 0 for the first; each step has <see cref="DetClipTrainer.Options.AccumulationSteps"/> of them, all of its kind.</param>
    /// <param name="cancellation">Ends the making with an exception.</param>
    /// <exception cref="InvalidDataException">More images cannot be read than the options allow; names one and why.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public TrainingBatch Make(long batch, CancellationToken cancellation = default)
    {
        var step = batch / _batchesOfStep;
        var (kind, index) = Schedule.At(step);
        var source = (Schedule.IsReplay(step) ? _replay : _sources)[kind];
        var picks = source.Order.Batch(index * _batchesOfStep + batch % _batchesOfStep);
        var views = new SampleView?[picks.Count];
        try
        {
            InParallel(picks.Count, n => views[n] = source.Open(picks[n]), cancellation);
            return Join(kind, [.. views.OfType<SampleView>()]);
        }
        finally
        {
            foreach (var view in views) view?.Dispose();
        }
    }

    private static Dictionary<SampleKind, int> CountsOf(Dictionary<SampleKind, KindSource> sources) => sources.ToDictionary(s => s.Key, s => s.Value.Samples.Count);

    private static Action<string> OneAtATime(Action<string> warn)
    {
        var turn = new Lock();
        return message =>
        {
            lock (turn) warn(message);
        };
    }

    private void InParallel(int count, Action<int> act, CancellationToken cancellation)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, act);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private TrainingBatch Join(SampleKind kind, IReadOnlyList<SampleView> views)
    {
        using var scope = NewDisposeScope();
        var concepts = ConceptComparer.Distinct(views.SelectMany(v => v.Concepts));
        var rows = tensor(_tokens.Of(concepts.Items)).view(concepts.Items.Count, _tokens.Length);    // [K, T]
        var batch = new TrainingBatch([.. views.Select(v => v.Sample.Image.Name)], Pixels(views), rows, Targets(views, concepts))
        {
            Kind = kind,
            Concepts = concepts.Items,
            Members = kind == SampleKind.Pairs ? Members(views, concepts) : null,
        };
        batch.Detach();
        return batch;
    }

    private static Tensor Pixels(IReadOnlyList<SampleView> views)
    {
        var pixels = zeros(views.Count, 3, views.Max(v => v.Fit.CanvasHeight), views.Max(v => v.Fit.CanvasWidth));
        foreach (var (n, view) in views.Index())
            pixels[n].narrow(1, 0, view.Fit.CanvasHeight).narrow(2, 0, view.Fit.CanvasWidth).copy_(view.Pixels);
        return pixels;
    }

    private static DetectionTargets Targets(IReadOnlyList<SampleView> views, OrderedSet<Concept> concepts)
    {
        var (corners, images, places) = (new List<float>(), new List<long>(), new List<long>());
        foreach (var (n, view) in views.Index())
            foreach (var (box, concept) in view.Boxes)
            {
                corners.AddRange([box.X0, box.Y0, box.X1, box.Y1]);
                images.Add(n);
                places.Add(concepts.PlaceOf(concept));
            }
        return new(tensor(corners.ToArray()).view(-1, 4), tensor(images.ToArray()), tensor(places.ToArray()));
    }

    private static Tensor Members(IReadOnlyList<SampleView> views, OrderedSet<Concept> concepts)
    {
        var most = views.Max(v => v.Concepts.Count);
        var members = new long[views.Count * most];
        Array.Fill(members, -1);
        foreach (var (n, view) in views.Index())
            foreach (var (m, concept) in view.Concepts.Index()) members[n * most + m] = concepts.PlaceOf(concept);
        return tensor(members).view(views.Count, most);                                               // [N, M]
    }
}
