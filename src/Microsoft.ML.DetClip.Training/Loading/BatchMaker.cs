using System.Runtime.InteropServices;
using Microsoft.ML.Data;
using Microsoft.ML.DetClip.Modeling;
using static TorchSharp.torch;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Makes a batch of a step: decodes, varies and joins its images, and gathers their concepts. Thread-safe, and the same for the same number.</summary>
internal sealed class BatchMaker
{
    private readonly SentenceTokens _tokens;
    private readonly Dictionary<SampleKind, KindSource> _sources;
    private readonly int _batchesOfStep;

    /// <param name="samples">The data set, at least one sample.</param>
    /// <param name="tokens">Token ids of concepts.</param>
    /// <param name="options">Seed, epochs, and the choices about each kind.</param>
    public BatchMaker(IReadOnlyList<TrainingSample> samples, SentenceTokens tokens, DetClipTrainer.Options options)
    {
        (_tokens, _batchesOfStep) = (tokens, options.AccumulationSteps);
        _sources = samples.GroupBy(s => s.Kind).ToDictionary(g => g.Key, g => new KindSource([.. g], options.Of(g.Key), options.Seed));
        Schedule = new(_sources.ToDictionary(s => s.Key, s => s.Value.Samples.Count), options);
    }

    /// <summary>Steps of the run and their kinds.</summary>
    public KindSchedule Schedule { get; }

    /// <summary>A batch, on the CPU.</summary>
    /// <param name="batch">Which of the run's batches, 0 for the first; each step has <see cref="DetClipTrainer.Options.AccumulationSteps"/> of them, all of its kind.</param>
    /// <param name="cancellation">Ends the making with an exception.</param>
    /// <exception cref="ImageDecodingException">An image cannot be decoded; names it.</exception>
    public TrainingBatch Make(long batch, CancellationToken cancellation = default)
    {
        var (kind, index) = Schedule.At(batch / _batchesOfStep);
        var source = _sources[kind];
        var views = new List<View>();
        try
        {
            foreach (var (epoch, sample) in source.Order.Batch(index * _batchesOfStep + batch % _batchesOfStep))
            {
                cancellation.ThrowIfCancellationRequested();
                views.Add(Open(source, source.Samples[sample], source.Order.ChoicesFor(epoch, sample)));
            }
            return Join(kind, views);
        }
        finally
        {
            foreach (var view in views) view.Image.Dispose();
        }
    }

    private static View Open(KindSource source, TrainingSample sample, Random choices)
    {
        var image = sample.Image.Decode();
        var (fit, flip) = source.Augmentation.Draw(image.Width, image.Height, choices);
        return new(sample, image, fit, flip, sample.Kind == SampleKind.Pairs ? sample.Concepts : source.Sampler.Choose(sample.Concepts, choices));
    }

    private TrainingBatch Join(SampleKind kind, List<View> views)
    {
        using var scope = NewDisposeScope();
        var concepts = new OrderedSet<Concept>(views.SelectMany(v => v.Concepts));
        var rows = tensor(_tokens.Of(concepts.Items)).view(concepts.Items.Count, -1); // [K, T]
        var batch = new TrainingBatch([.. views.Select(v => v.Sample.Image.Name)], Pixels(views), rows, Targets(views, concepts))
        {
            Kind = kind,
            Members = kind == SampleKind.Pairs ? Members(views, concepts) : null,
        };
        batch.Detach();
        return batch;
    }

    private static Tensor Pixels(List<View> views)
    {
        var (width, height) = (views.Max(v => v.Fit.CanvasWidth), views.Max(v => v.Fit.CanvasHeight));
        var pixels = empty(views.Count, 3, height, width);
        var values = MemoryMarshal.Cast<byte, float>(pixels.bytes);
        var perImage = 3 * height * width;
        foreach (var (n, view) in views.Index())
        {
            var canvas = view.Fit with { CanvasWidth = width, CanvasHeight = height };
            PixelNormalizer.Write(view.Image, canvas, PixelScale.Mean, PixelScale.Std, values.Slice(n * perImage, perImage), view.Flip);
        }
        return pixels;
    }

    private static DetectionTargets Targets(List<View> views, OrderedSet<Concept> concepts)
    {
        var (corners, images, places) = (new List<float>(), new List<long>(), new List<long>());
        foreach (var (n, view) in views.Index())
            foreach (var (box, concept) in view.Sample.Boxes.Zip(view.Sample.Concepts))
            {
                if (Augmentation.ToCanvas(box, view.Fit, view.Flip) is not { } seen) continue;
                corners.AddRange([seen.X0, seen.Y0, seen.X1, seen.Y1]);
                images.Add(n);
                places.Add(concepts.PlaceOf(concept));
            }
        return new(tensor(corners.ToArray()).view(-1, 4), tensor(images.ToArray()), tensor(places.ToArray()));
    }

    private static Tensor Members(IReadOnlyList<View> views, OrderedSet<Concept> concepts)
    {
        var most = views.Max(v => v.Concepts.Count);
        var members = new long[views.Count * most];
        Array.Fill(members, -1);
        foreach (var (n, view) in views.Index())
            foreach (var (m, concept) in view.Concepts.Index()) members[n * most + m] = concepts.PlaceOf(concept);
        return tensor(members).view(views.Count, most);                                               // [N, M]
    }

    private sealed record View(TrainingSample Sample, MLImage Image, Letterbox Fit, bool Flip, IReadOnlyList<Concept> Concepts);

    private sealed class KindSource(IReadOnlyList<TrainingSample> samples, KindOptions options, long seed)
    {
        public IReadOnlyList<TrainingSample> Samples => samples;

        public SampleOrder Order { get; } = new(samples.Count, options.BatchSize, seed);

        public Augmentation Augmentation { get; } = new(options.SmallestShortSide, options.ShortSide, options.LongSide, options.FlipProbability);

        public ConceptSampler Sampler { get; } = new(new OrderedSet<Concept>(samples.SelectMany(s => s.Concepts)).Items, options.ConceptsPerImage);
    }
}
