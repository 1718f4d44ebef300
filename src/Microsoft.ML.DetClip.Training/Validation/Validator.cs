using Microsoft.ML.DetClip.Evaluation;

namespace Microsoft.ML.DetClip.Training;

/// <summary>Measures a detector on samples.</summary>
internal static class Validator
{
    /// <summary>COCO's metrics over all samples.</summary>
    /// <param name="detector">What looks at the images.</param>
    /// <param name="samples">Images and what they show.</param>
    /// <param name="cancellation">Ends the measuring with an exception.</param>
    public static CocoMetrics Evaluate(NetworkDetector detector, IEnumerable<TrainingSample> samples, CancellationToken cancellation = default)
    {
        var evaluator = new LabelEvaluator();
        foreach (var sample in samples)
        {
            cancellation.ThrowIfCancellationRequested();
            var found = detector.Detect(sample.Image);
            evaluator.Add(
                new LabeledBoxes([.. sample.Concepts.Select(c => c.Name)], sample.Boxes),
                new ScoredBoxes([.. found.Select(d => d.Label)], [.. found.Select(d => d.Box)], [.. found.Select(d => d.Score)]));
        }
        return evaluator.Evaluate();
    }
}
