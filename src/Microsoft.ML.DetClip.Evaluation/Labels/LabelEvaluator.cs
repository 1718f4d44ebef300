namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>COCO's metrics where categories are words and images come one by one, as in validation during training.</summary>
/// <remarks>
/// Labels are compared letter by letter. An object's size is the area of its box: COCO's own numbers, which take the area of the outline, need
/// <see cref="CocoEvaluator"/>.
/// Not for several threads at once.
/// </remarks>
public sealed class LabelEvaluator
{
    private readonly Dictionary<string, int> _categories = new(StringComparer.Ordinal);
    private readonly List<GroundTruthBox> _truths = [];
    private readonly List<DetectionResult> _detections = [];

    /// <summary>Images added so far.</summary>
    public int ImageCount { get; private set; }

    /// <summary>Adds an image.</summary>
    /// <param name="truth">What is on it.</param>
    /// <param name="predictions">What was found on it.</param>
    /// <exception cref="ArgumentException">Lists of one image differ in length; nothing is added.</exception>
    public void Add(LabeledBoxes truth, ScoredBoxes predictions)
    {
        CheckLengths(truth.Labels.Count, truth.Boxes.Count, truth.IsCrowd?.Count ?? truth.Boxes.Count, nameof(truth));
        CheckLengths(predictions.Labels.Count, predictions.Boxes.Count, predictions.Scores.Count, nameof(predictions));
        ImageCount++;
        for (var i = 0; i < truth.Boxes.Count; i++)
            _truths.Add(ToTruth(truth.Labels[i], truth.Boxes[i], truth.IsCrowd?[i] ?? false));
        for (var i = 0; i < predictions.Boxes.Count; i++)
            _detections.Add(DetectionResult.FromBox(ImageCount, CategoryOf(predictions.Labels[i]), predictions.Boxes[i], predictions.Scores[i]));
    }

    /// <summary>The metrics of all images added so far; more may be added after.</summary>
    /// <param name="labels">The labels to measure, such as those unseen in training; null for all. One that never occurred counts for nothing.</param>
    /// <exception cref="ArgumentException">A coordinate or score is not a number.</exception>
    public CocoMetrics Evaluate(IEnumerable<string>? labels = null)
    {
        var groundTruth = new DetectionGroundTruth
        {
            ImageIds = [.. Enumerable.Range(1, ImageCount).Select(id => (long)id)],
            Categories = [.. _categories.Select(category => new GroundTruthCategory(category.Value, category.Key))],
            Boxes = _truths,
        };
        int[]? chosen = labels is null ? null : [.. labels.Where(_categories.ContainsKey).Select(label => _categories[label])];
        return CocoEvaluator.Evaluate(groundTruth, _detections, new() { CategoryIds = chosen });
    }

    private GroundTruthBox ToTruth(string label, Box box, bool isCrowd)
    {
        var (width, height) = ((double)box.X1 - box.X0, (double)box.Y1 - box.Y0);
        return new(_truths.Count + 1, ImageCount, CategoryOf(label), box.X0, box.Y0, width, height, width * height, isCrowd);
    }

    private int CategoryOf(string label)
    {
        if (!_categories.TryGetValue(label, out var id)) _categories.Add(label, id = _categories.Count + 1);
        return id;
    }

    private static void CheckLengths(int labels, int boxes, int others, string parameter)
    {
        if (labels != boxes || others != boxes)
            throw new ArgumentException($"The lists differ in length: {labels} labels, {boxes} boxes, {others} scores or crowd marks.", parameter);
    }
}
