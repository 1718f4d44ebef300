namespace Microsoft.ML.DetClip.Training;

/// <summary>All samples of one kind, their order, and how they are shown.</summary>
internal sealed class KindSource
{
    private readonly SampleKind _kind;
    private readonly KindOptions _options;
    private readonly Augmentation _augmentation;
    private readonly ConceptSampler _sampler;

    /// <param name="kind">The kind of all samples.</param>
    /// <param name="samples">At least one.</param>
    /// <param name="pool">What may be asked about an image that does not show it.</param>
    /// <param name="options">Seed, and the choices about the kind.</param>
    /// <param name="worker">The process.</param>
    /// <param name="warn">Told of images that cannot be read.</param>
    /// <param name="isReplay">Whether the samples are of earlier training: their order is another.</param>
    /// <exception cref="ArgumentException">A batch has fewer images than there are processes.</exception>
    public KindSource(
        SampleKind kind, IReadOnlyList<TrainingSample> samples, IReadOnlyList<Concept> pool, DetClipTrainer.Options options, Worker worker, Action<string>? warn,
        bool isReplay = false)
    {
        (_kind, Samples, _options) = (kind, samples, options.Of(kind));
        if (_options.BatchSize < worker.WorldSize)
            throw new ArgumentException(
                $"{kind}.BatchSize is {_options.BatchSize}, but there are {worker.WorldSize} processes; each needs one image or more.", nameof(options));
        Order = new(samples.Count, _options.BatchSize, SampleOrder.Mix(options.Seed, isReplay ? -3 : -2, (int)kind)) { Worker = worker };
        Broken = new(kind, samples.Count, options.MaxBrokenShare, warn);
        _augmentation = new(_options.SmallestShortSide, _options.ShortSide, _options.LongSide, _options.FlipProbability);
        _sampler = new(pool, _options.ConceptsPerImage);
    }

    /// <summary>The samples, in the data's order.</summary>
    public IReadOnlyList<TrainingSample> Samples { get; }

    /// <summary>Which of them make a step.</summary>
    public SampleOrder Order { get; }

    /// <summary>Which of them cannot be used.</summary>
    public BrokenSamples Broken { get; }

    /// <summary>A sample as the network sees it; the caller's to dispose. One that is broken is replaced.</summary>
    /// <exception cref="InvalidDataException">Too many are broken.</exception>
    public SampleView Open(Pick pick)
    {
        for (; ; pick = Order.Instead(pick))
        {
            if (Broken.Contains(pick.Sample)) continue;
            try
            {
                return Open(Samples[pick.Sample], Order.ChoicesFor(pick));
            }
            catch (Exception e) when (BrokenSamples.IsReason(e))
            {
                Broken.Add(pick.Sample, e);
            }
        }
    }

    private SampleView Open(TrainingSample sample, Random choices)
    {
        using var image = sample.Image.Decode();
        var (fit, flip) = _augmentation.Draw(image.Width, image.Height, choices);
        return SampleView.Make(sample, image, fit, flip && !sample.TellsSides, ConceptsOf(sample, choices));
    }

    private IReadOnlyList<Concept> ConceptsOf(TrainingSample sample, Random choices)
    {
        if (_kind == SampleKind.Detection) return _sampler.Choose(sample.Concepts, choices);
        if (_kind == SampleKind.Pairs)
            return [.. ConceptComparer.Distinct(sample.Concepts.Prepend(new Concept(sample.Caption!))).Items.Take(_options.ConceptsPerImage)];
        var words = new SpokenWords(sample.Caption, sample.Concepts.Select(c => c.Name));
        return _sampler.Choose(sample.Concepts, choices, isAbsent: concept => !words.Mention(concept.Name));
    }
}
