namespace Microsoft.ML.DetClip.Datasets;

/// <summary>Looks at images one after the other, by the detector's own pipeline, and turns what it finds into samples.</summary>
internal sealed class AutoLabeler(MLContext context, LabelOntology ontology, AutoLabelOptions options)
{
    private readonly LabelMerge _merge = new(options.MergeIoU);
    private readonly List<DatasetSample> _new = [];
    private readonly List<SkippedImage> _skipped = [];
    private int _done, _found, _forReview, _covered;

    /// <summary>Labels images.</summary>
    /// <param name="model">Finds the ontology's phrases; <see cref="Ask"/> makes it.</param>
    /// <param name="images">Full paths.</param>
    /// <param name="existing">Samples of what is known already, which may be of other images too.</param>
    /// <param name="progress">Told after each image.</param>
    /// <param name="cancellation">Ends the work with an exception.</param>
    public AutoLabels Run(
        OpenVocabularyDetectionTransformer model, IReadOnlyList<string> images, ExistingLabels existing, IProgress<AutoLabelProgress>? progress, CancellationToken cancellation)
    {
        var known = existing.ByPath();
        var found = model.Transform(context.Data.LoadFromEnumerable(images.Select(path => new ImageRow { ImagePath = path })));
        var column = found.Schema[model.Options.DetectionsColumnName];
        using var cursor = found.GetRowCursor([column]);
        var getter = cursor.GetGetter<DetectionList>(column);
        foreach (var path in images)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!cursor.MoveNext()) break;
            Look(path, getter, known, model.Options.IouThreshold);
            progress?.Report(new(++_done, images.Count, _found, _forReview, _skipped.Count));
        }
        return Result(existing, known);
    }

    /// <summary>The detector, asked for the ontology's phrases in files named by a column of ours.</summary>
    public OpenVocabularyDetectionTransformer Ask(OpenVocabularyDetectionTransformer detector) => detector.WithOptions(detector.Options with
    {
        ImageColumnName = nameof(ImageRow.ImagePath),
        LabelsColumnName = null,
        Labels = [.. ontology.Phrases.Select(phrase => WithThreshold(phrase, detector))],
        BatchSize = options.BatchSize,
        ScoreThreshold = options.ScoreThreshold ?? options.Review?.From ?? detector.Options.ScoreThreshold,
    });

    // What calibration found for a name holds where the options say nothing else.
    private Concept WithThreshold(Concept phrase, OpenVocabularyDetectionTransformer detector) =>
        options.ScoreThreshold is null && options.Review is null && phrase.Threshold is null && detector.Options.Labels.FirstOrDefault(l => l.Name == phrase.Name)?.Threshold is { } threshold
            ? phrase with { Threshold = threshold }
            : phrase;

    private void Look(string path, ValueGetter<DetectionList> getter, Dictionary<string, DatasetSample> known, double iouThreshold)
    {
        try
        {
            DetectionList raw = null!;
            getter(ref raw);
            var found = WithLabels(raw, iouThreshold);
            if (known.TryGetValue(path, out var sample)) known[path] = Add(sample, _merge.NewOf(sample, found), found.Count);
            else _new.Add(Add(Empty(path), found, found.Count));
        }
        catch (Exception e) when (e is ImageDecodingException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            _skipped.Add(new(path, e.Message));
        }
    }

    private DatasetSample Add(DatasetSample sample, IReadOnlyList<Detection> found, int all)
    {
        _covered += all - found.Count;
        _found += found.Count;
        _forReview += found.Count(d => options.Review?.Contains(d.Score) ?? false);
        return LabelMerge.Add(sample, found, options.Review);
    }

    // Two phrases of one label may both find an object; the better stays.
    private List<Detection> WithLabels(DetectionList found, double iouThreshold)
    {
        var labels = found.Select(d => ontology.LabelOf(d.Label)).ToArray();
        var groups = labels.Select(label => ontology.Labels.Index().First(l => l.Item == label).Index).ToArray();
        var kept = NonMaximumSuppression.Keep([.. found.Select(d => d.Box)], [.. found.Select(d => d.Score)], groups, iouThreshold);
        return [.. kept.Select(i => found[i] with { Label = labels[i] })];
    }

    private static DatasetSample Empty(string path)
    {
        var size = ImageDecoder.Peek(path);
        return new() { ImageId = 0, Kind = DatasetSampleKind.Detection, ImagePath = path, Width = size.Width, Height = size.Height };
    }

    private AutoLabels Result(ExistingLabels existing, Dictionary<string, DatasetSample> known)
    {
        var old = existing.Samples.Select(sample => known[ExistingLabels.PathOf(sample)]).ToArray();
        var next = old.Length == 0 ? 1 : old.Max(sample => sample.ImageId) + 1;
        return new()
        {
            Samples = [.. old, .. _new.Select((sample, i) => sample with { ImageId = next + i })],
            Categories = existing.CategoriesWith(ontology.Labels),
            Skipped = _skipped, FoundCount = _found, ForReviewCount = _forReview, CoveredCount = _covered,
        };
    }

    private sealed class ImageRow
    {
        public string ImagePath { get; set; } = "";
    }
}
