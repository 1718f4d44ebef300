namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Precision at k of referring expressions (RefCOCO, RefCOCO+, RefCOCOg), equal to MDETR's evaluator (datasets/refexp.py).</summary>
/// <remarks>
/// Rules that surprise: a box finds its object by a generalized IoU of at least 0.5, not by IoU; scores and boxes are compared in float32; of equal scores, the box of
/// the greater coordinates comes first. One difference: an expression without predicted boxes is an error there, and a miss here. Kamath et al. 2021, "MDETR".
/// </remarks>
public static class RefExpEvaluator
{
    private const float Threshold = 0.5f;
    private static readonly string[] Datasets = ["refcoco", "refcoco+", "refcocog"];
    private static readonly int[] Ranks = [1, 5, 10];

    /// <summary>Measures predictions against the truth.</summary>
    /// <param name="groundTruth">Every expression.</param>
    /// <param name="predictions">One for each expression, in any order; of several the last counts, and those of other images are not looked at.</param>
    /// <exception cref="ArgumentException">An expression has no prediction or is of an unknown data set, an id occurs twice, lists differ in length, a box is turned
    /// inside out, or a score is not a number.</exception>
    public static RefExpMetrics Evaluate(IReadOnlyList<ReferringExpression> groundTruth, IReadOnlyList<ReferringPrediction> predictions)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(predictions);
        var lasts = Lasts(predictions);
        InputProblem.Throw(FindProblem(groundTruth, lasts), nameof(groundTruth), nameof(predictions));
        return Measure(groundTruth, lasts);
    }

    /// <summary>Measures a predictions file against a file of expressions; see <see cref="RefExpFiles"/>.</summary>
    /// <param name="groundTruthPath">The expressions.</param>
    /// <param name="predictionsPath">The predictions.</param>
    /// <exception cref="InvalidDataException">A file is damaged or does not fit the other; the message names file and record.</exception>
    public static RefExpMetrics EvaluateFiles(string groundTruthPath, string predictionsPath)
    {
        var groundTruth = RefExpFiles.ReadGroundTruth(groundTruthPath);
        var lasts = Lasts(RefExpFiles.ReadPredictions(predictionsPath));
        InputProblem.ThrowInFile(FindProblem(groundTruth, lasts), groundTruthPath, predictionsPath);
        return Measure(groundTruth, lasts);
    }

    private static Dictionary<long, ReferringPrediction> Lasts(IReadOnlyList<ReferringPrediction> predictions)
    {
        var lasts = new Dictionary<long, ReferringPrediction>();
        foreach (var prediction in predictions) lasts[prediction.ImageId] = prediction;
        return lasts;
    }

    private static InputProblem? FindProblem(IReadOnlyList<ReferringExpression> groundTruth, Dictionary<long, ReferringPrediction> predictions)
    {
        var seen = new HashSet<long>();
        foreach (var (id, dataset, box) in groundTruth)
        {
            if (!seen.Add(id)) return new($"The image id {id} occurs twice in the ground truth.", IsInDetections: false);
            if (!Datasets.Contains(dataset)) return new($"Image {id} is of the data set '{dataset}'; known are {string.Join(", ", Datasets)}.", IsInDetections: false);
            if (IsInsideOut(box)) return new($"Image {id} has a box of negative width or height.", IsInDetections: false);
            if (!predictions.TryGetValue(id, out var prediction)) return new($"There is no prediction for image {id}.", IsInDetections: true);
            if (FindProblem(prediction) is { } problem) return new($"The prediction for image {id} {problem}.", IsInDetections: true);
        }
        return null;
    }

    private static string? FindProblem(ReferringPrediction prediction)
    {
        if (prediction.Boxes.Count != prediction.Scores.Count) return $"has {prediction.Boxes.Count} boxes and {prediction.Scores.Count} scores";
        if (prediction.Boxes.Any(IsInsideOut)) return "has a box turned inside out: corners are x0, y0, x1, y1";
        return prediction.Scores.Any(double.IsNaN) ? "has a score that is not a number" : null;
    }

    private static bool IsInsideOut(GroundingBox box) => !((float)box.X1 >= (float)box.X0 && (float)box.Y1 >= (float)box.Y0);

    private static RefExpMetrics Measure(IReadOnlyList<ReferringExpression> groundTruth, Dictionary<long, ReferringPrediction> predictions)
    {
        var found = Datasets.ToDictionary(dataset => dataset, _ => new double[Ranks.Length]);
        var all = Datasets.ToDictionary(dataset => dataset, _ => 0.0);
        foreach (var expression in groundTruth)
        {
            all[expression.Dataset]++;
            var overlaps = Ranked(predictions[expression.ImageId]).Select(box => GroundingOverlap.GeneralizedIoU(box, expression.Box)).ToArray();
            for (var k = 0; k < Ranks.Length; k++)
                if (Greatest(overlaps.AsSpan(0, Math.Min(Ranks[k], overlaps.Length))) >= Threshold) found[expression.Dataset][k]++;
        }
        return new()
        {
            Precisions = Datasets.ToDictionary(
                dataset => dataset,
                IReadOnlyList<double> (dataset) => Array.ConvertAll(found[dataset], count => all[dataset] == 0 ? 0 : count / all[dataset])),
        };
    }

    private static IEnumerable<GroundingBox> Ranked(ReferringPrediction prediction) => prediction.Boxes
        .Select((box, i) => (Score: (float)prediction.Scores[i], Box: box))
        .OrderByDescending(pair => pair.Score)
        .ThenByDescending(pair => (float)pair.Box.X0).ThenByDescending(pair => (float)pair.Box.Y0)
        .ThenByDescending(pair => (float)pair.Box.X1).ThenByDescending(pair => (float)pair.Box.Y1)
        .Select(pair => pair.Box);

    /// <summary>As Python's max: an overlap that is not a number, of boxes without area, is beaten by none when it comes first.</summary>
    private static float Greatest(ReadOnlySpan<float> overlaps)
    {
        var greatest = overlaps.IsEmpty ? float.NegativeInfinity : overlaps[0];
        foreach (var overlap in overlaps)
            if (overlap > greatest) greatest = overlap;
        return greatest;
    }
}
