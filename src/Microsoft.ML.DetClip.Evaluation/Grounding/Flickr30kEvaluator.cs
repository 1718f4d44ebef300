namespace Microsoft.ML.DetClip.Evaluation;

/// <summary>Recall of phrases on Flickr30k Entities, equal to MDETR's evaluator (datasets/flickr_eval.py).</summary>
/// <remarks>
/// A phrase is found when the greatest IoU of its boxes with the best k predicted ones reaches the threshold. One difference: a phrase without predicted boxes is an
/// error there, and a miss here. Plummer et al. 2015, "Flickr30k Entities"; Kamath et al. 2021, "MDETR".
/// </remarks>
public static class Flickr30kEvaluator
{
    private static readonly int[] Ranks = [1, 5, 10, Flickr30kMetrics.AllBoxes];

    /// <summary>Measures predictions against the truth.</summary>
    /// <param name="groundTruth">Every sentence to evaluate.</param>
    /// <param name="predictions">One for each sentence, in any order; of several the first counts.</param>
    /// <param name="options">Null for the ANY-BOX protocol at an IoU of 0.5.</param>
    /// <exception cref="ArgumentException">A sentence has no prediction, or one with another number of phrases; or an option is out of range.</exception>
    public static Flickr30kMetrics Evaluate(
        IReadOnlyList<SentenceTruth> groundTruth, IReadOnlyList<SentencePrediction> predictions, Flickr30kEvaluatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(groundTruth);
        ArgumentNullException.ThrowIfNull(predictions);
        options = (options ?? new()).Checked();
        var firsts = Firsts(predictions);
        if (FindProblem(groundTruth, firsts) is { } problem) throw new ArgumentException(problem, nameof(predictions));
        return Measure(groundTruth, predictions.Count, firsts, options);
    }

    /// <summary>Measures a predictions file against the data set's folder; see <see cref="Flickr30kFiles"/>.</summary>
    /// <param name="folder">The data set.</param>
    /// <param name="subset">"test", "val" or "train".</param>
    /// <param name="predictionsPath">The predictions.</param>
    /// <param name="options">One set of settings for each result.</param>
    /// <returns>The metrics for each of <paramref name="options"/>.</returns>
    /// <exception cref="InvalidDataException">A file is damaged or does not fit the other; the message names file and record.</exception>
    public static IReadOnlyList<Flickr30kMetrics> EvaluateFiles(
        string folder, string subset, string predictionsPath, params IReadOnlyList<Flickr30kEvaluatorOptions> options)
    {
        var groundTruth = Flickr30kFiles.ReadGroundTruth(folder, subset);
        var predictions = Flickr30kFiles.ReadPredictions(predictionsPath);
        var firsts = Firsts(predictions);
        if (FindProblem(groundTruth, firsts) is { } problem) throw new InvalidDataException($"'{predictionsPath}': {problem}");
        return [.. options.Select(each => Measure(groundTruth, predictions.Count, firsts, each.Checked()))];
    }

    private static Dictionary<(string, int), SentencePrediction> Firsts(IReadOnlyList<SentencePrediction> predictions)
    {
        var firsts = new Dictionary<(string, int), SentencePrediction>();
        foreach (var prediction in predictions) firsts.TryAdd((prediction.ImageId, prediction.SentenceId), prediction);
        return firsts;
    }

    private static string? FindProblem(IReadOnlyList<SentenceTruth> groundTruth, Dictionary<(string, int), SentencePrediction> predictions)
    {
        foreach (var sentence in groundTruth)
        {
            if (!predictions.TryGetValue((sentence.ImageId, sentence.SentenceId), out var prediction))
                return $"There is no prediction for sentence {sentence.SentenceId} of image {sentence.ImageId}.";
            if (prediction.Boxes.Count != sentence.Phrases.Count)
                return $"The prediction for sentence {sentence.SentenceId} of image {sentence.ImageId} has {prediction.Boxes.Count} phrases; it must have " +
                    $"{sentence.Phrases.Count}, those that boxes show.";
        }
        return null;
    }

    private static Flickr30kMetrics Measure(
        IReadOnlyList<SentenceTruth> groundTruth, int predictions, Dictionary<(string, int), SentencePrediction> firsts, Flickr30kEvaluatorOptions options)
    {
        var counts = Ranks.ToDictionary(k => k, _ => new Dictionary<string, (int Found, int All)>());
        foreach (var sentence in groundTruth)
        {
            var boxes = firsts[(sentence.ImageId, sentence.SentenceId)].Boxes;
            for (var p = 0; p < sentence.Phrases.Count; p++) Count(sentence.Phrases[p], boxes[p], options, counts);
        }
        return new()
        {
            Recalls = counts.ToDictionary(
                pair => pair.Key,
                IReadOnlyDictionary<string, double> (pair) => pair.Value.ToDictionary(type => type.Key, type => (double)type.Value.Found / type.Value.All)),
            Options = options,
            IgnoredPredictions = predictions - groundTruth.Count,
        };
    }

    private static void Count(
        PhraseTruth phrase, IReadOnlyList<GroundingBox> predicted, Flickr30kEvaluatorOptions options, Dictionary<int, Dictionary<string, (int Found, int All)>> counts)
    {
        var truths = options.MergeBoxes ? [GroundingOverlap.Hull(phrase.Boxes)] : phrase.Boxes;
        foreach (var (k, types) in counts)
        {
            var best = predicted.Take(k == Flickr30kMetrics.AllBoxes ? int.MaxValue : k).Select(box => GroundingOverlap.GreatestIoU(box, truths)).DefaultIfEmpty(-1)
                .Aggregate(Math.Max); // as numpy's maximum: NaN, of two boxes without area, wins
            var found = best >= options.IouThreshold ? 1 : 0;
            foreach (var type in phrase.Types.Prepend("all"))
            {
                var (before, all) = types.GetValueOrDefault(type);
                types[type] = (before + found, all + 1);
            }
        }
    }
}
