namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's and LVIS's metrics where categories are words and images come one by one, as in validation during training.</summary>
/// <remarks>
/// Labels are compared letter by letter. An object's size is the area of its box unless <see cref="LabeledBoxes.Areas"/> says otherwise: COCO's own numbers take the
/// area of the outline.
/// Not for several threads at once.
/// </remarks>
public sealed class LabelEvaluator
{
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private readonly List<GroundTruthBox> _truths = [];
    private readonly List<DetectionResult> _detections = [];
    private readonly List<LvisImage> _images = [];

    /// <summary>Images added so far.</summary>
    public int ImageCount => _images.Count;

    /// <summary>Adds an image.</summary>
    /// <param name="truth">What is on it.</param>
    /// <param name="predictions">What was found on it.</param>
    /// <exception cref="ArgumentException">Lists of one image differ in length; nothing is added.</exception>
    public void Add(LabeledBoxes truth, ScoredBoxes predictions)
    {
        var objects = truth.Boxes.Count;
        CheckLengths(nameof(truth), ("boxes", objects), ("labels", truth.Labels.Count), ("crowd marks", truth.IsCrowd?.Count ?? objects), ("areas", truth.Areas?.Count ?? objects));
        CheckLengths(nameof(predictions), ("boxes", predictions.Boxes.Count), ("labels", predictions.Labels.Count), ("scores", predictions.Scores.Count));
        _images.Add(new(ImageCount + 1, [.. truth.AbsentLabels.Select(CategoryOf)], [.. truth.PartlyAnnotatedLabels.Select(CategoryOf)]));
        for (var i = 0; i < objects; i++)
            _truths.Add(ToTruth(truth.Labels[i], truth.Boxes[i], truth.Areas?[i], truth.IsCrowd?[i] ?? false));
        for (var i = 0; i < predictions.Boxes.Count; i++)
            _detections.Add(DetectionResult.FromBox(ImageCount, CategoryOf(predictions.Labels[i]), predictions.Boxes[i], predictions.Scores[i]));
    }

    /// <summary>The metrics of all images added so far; more may be added after.</summary>
    /// <param name="labels">The labels to measure, such as those unseen in training; null for all. One that never occurred counts for nothing.</param>
    /// <exception cref="ArgumentException">A coordinate or score is not a number.</exception>
    public CocoMetrics Evaluate(IEnumerable<string>? labels = null) => Evaluate(new CocoEvaluatorOptions(), labels);

    /// <inheritdoc cref="Evaluate(IEnumerable{string}?)"/>
    /// <param name="options">How to measure; <see cref="CocoEvaluatorOptions.CategoryIds"/> has no meaning here, where labels stand for categories.</param>
    /// <param name="labels">The labels to measure, such as those unseen in training; null for all. One that never occurred counts for nothing.</param>
    public CocoMetrics Evaluate(CocoEvaluatorOptions options, IEnumerable<string>? labels = null)
    {
        var groundTruth = new DetectionGroundTruth
        {
            ImageIds = [.. _images.Select(image => image.Id)],
            Categories = [.. _categories.Select(category => new GroundTruthCategory(category.Value, category.Key))],
            Boxes = _truths,
        };
        int[]? chosen = labels is null ? null : [.. labels.Where(_categories.ContainsKey).Select(label => _categories[label])];
        return CocoEvaluator.Evaluate(groundTruth, _detections, options with { CategoryIds = chosen });
    }

    /// <summary>LVIS's metrics of all images added so far, which should have <see cref="LabeledBoxes.AbsentLabels"/>: of other labels, only detections on images that
    /// show such an object count.</summary>
    /// <param name="frequencies">How often each label occurs in training images; labels that are not here are not measured.</param>
    /// <param name="options">Null for the official numbers; <see cref="LvisEvaluatorOptions.FixedAP"/> for fixed AP.</param>
    /// <exception cref="ArgumentException">A coordinate or score is not a number, or a limit is not positive.</exception>
    public LvisMetrics EvaluateLvis(IReadOnlyDictionary<string, LvisFrequency> frequencies, LvisEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(frequencies);
        var groundTruth = new LvisGroundTruth
        {
            Images = _images,
            Categories = [.. frequencies.Select(label => new LvisCategory(CategoryOf(label.Key), label.Key, label.Value))],
            Boxes = _truths,
        };
        return LvisEvaluator.Evaluate(groundTruth, _detections, options);
    }

    private GroundTruthBox ToTruth(string label, Box box, double? area, bool isCrowd)
    {
        var (width, height) = ((double)box.X1 - box.X0, (double)box.Y1 - box.Y0);
        return new(_truths.Count + 1, ImageCount, CategoryOf(label), box.X0, box.Y0, width, height, area ?? width * height, isCrowd);
    }

    private int CategoryOf(string label)
    {
        if (!_categories.TryGetValue(label, out var id)) _categories.Add(label, id = _categories.Count + 1);
        return id;
    }

    private static void CheckLengths(string parameter, params ReadOnlySpan<(string Name, int Length)> lists)
    {
        foreach (var (name, length) in lists)
            if (length != lists[0].Length) throw new ArgumentException($"The lists differ in length: {lists[0].Length} {lists[0].Name}, {length} {name}.", parameter);
    }
}
